using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Sources;

namespace CoupaGateway.Sync.Tests.Sources;

public sealed class OrderedReaderTests
{
    [Fact]
    public async Task Sparse_and_dense_ids_come_in_order_with_few_requests()
    {
        long[] ids = [.. Enumerable.Range(0, 500).Select(static i => (long)i), .. Enumerable.Range(1, 500).Select(static i => i * 100_000_000L)];
        var source = new PageSource(ids);

        var read = await ReadAsync(source, new IdRange(ids[0], ids[^1]), CancellationToken.None);

        Assert.Equal(ids, read);
        Assert.InRange(source.Ranges, 10, 250);
        Assert.Equal(source.Given, source.Disposed);
    }

    [Fact]
    public async Task A_range_up_to_the_largest_number_ends()
    {
        long[] ids = [long.MinValue + 1, 0, long.MaxValue];

        Assert.Equal(ids, await ReadAsync(new PageSource(ids), new IdRange(ids[0], ids[^1]), CancellationToken.None));
    }

    [Fact]
    public async Task A_failure_comes_after_the_pages_before_it_and_gives_all_others_back()
    {
        var source = new PageSource([.. Enumerable.Range(1, 2_000).Select(static i => (long)i)]) { FailAt = 1_005 };
        var read = new List<long>();

        await Assert.ThrowsAsync<IOException>(() => ReadAsync(source, new IdRange(1, 2_000), CancellationToken.None, read));

        Assert.Equal(Enumerable.Range(1, 1_000).Select(static i => (long)i), read);
        Assert.Equal(source.Given, source.Disposed);
    }

    [Fact]
    public async Task A_cancelled_reading_ends_and_gives_its_pages_back()
    {
        using var cancel = new CancellationTokenSource();
        var source = new PageSource([.. Enumerable.Range(1, 2_000).Select(static i => (long)i)]) { OnPage = id => { if (id > 600) cancel.Cancel(); } };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(source, new IdRange(1, 2_000), cancel.Token));

        Assert.Equal(source.Given, source.Disposed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public async Task Readers_that_are_ahead_wait_while_pages_fill_the_memory(long limit)
    {
        long[] ids = [.. Enumerable.Range(1, 2_000).Select(static i => (long)i)];
        var ahead = new ReadAhead(limit);
        var most = 0L;
        var source = new PageSource(ids) { OnPage = _ => most = Math.Max(most, ahead.Held) };

        Assert.Equal(ids, await ReadAsync(source, new IdRange(1, 2_000), CancellationToken.None, ahead: ahead));

        // What is waited for is read whatever the limit.
        Assert.InRange(most, 0, limit + (2 * PageSource.PageBytes));
        Assert.Equal(0, ahead.Held);
    }

    [Fact]
    public async Task A_reading_that_is_given_up_leaves_no_memory_taken()
    {
        var ahead = new ReadAhead(10_000);
        var source = new PageSource([.. Enumerable.Range(1, 2_000).Select(static i => (long)i)]) { FailAt = 1_005 };

        await Assert.ThrowsAsync<IOException>(() => ReadAsync(source, new IdRange(1, 2_000), CancellationToken.None, ahead: ahead));

        Assert.Equal(0, ahead.Held);
    }

    [Fact]
    public async Task Memory_for_few_pages_keeps_all_readers_at_work()
    {
        var ahead = new ReadAhead(12 * PageSource.PageBytes);
        var source = new PageSource([.. Enumerable.Range(1, 1_980).Select(static i => (long)i)]) { Together = 6 };
        var reader = new OrderedReader(source, new LoadOptions { Readers = 8, PagesPerSegment = 5, RecordsPerPage = 10 }, ahead);

        await foreach (var page in reader.ReadAsync(new IdRange(1, 1_980), CancellationToken.None))
            page.Dispose();

        Assert.Equal((198, 0), (source.Given, source.Alone));
        Assert.InRange(source.AtOnce.Max(), 6, 8);
    }

    [Fact]
    public async Task A_table_gets_its_share_while_another_one_fills_the_memory()
    {
        var ahead = new ReadAhead(80 * PageSource.PageBytes);
        ahead.Add(100 * PageSource.PageBytes);
        var source = new PageSource([.. Enumerable.Range(1, 2_000).Select(static i => (long)i)]) { Delay = TimeSpan.FromMilliseconds(5) };
        var reader = new OrderedReader(source, new LoadOptions { Readers = 8, PagesPerSegment = 5, RecordsPerPage = 10 }, ahead);

        await foreach (var page in reader.ReadAsync(new IdRange(1, 2_000), CancellationToken.None))
            page.Dispose();

        Assert.InRange(source.AtOnce.Max(), 2, 8);
        Assert.Equal(100 * PageSource.PageBytes, ahead.Held);
    }

    private static async Task<List<long>> ReadAsync(PageSource source, IdRange range, CancellationToken cancellationToken, List<long>? read = null, ReadAhead? ahead = null)
    {
        read ??= [];
        var reader = new OrderedReader(source, new LoadOptions { Readers = 3, PagesPerSegment = 2, RecordsPerPage = 10 }, ahead ?? new ReadAhead(long.MaxValue));
        await foreach (var page in reader.ReadAsync(range, cancellationToken))
        {
            using (page)
                read.AddRange(((PageSource.Owner)page.Owner!).Ids);
        }

        return read;
    }

    private sealed class PageSource(long[] ids) : IRecordSource
    {
        public const int PageBytes = 100;

        private readonly Lock _lock = new();
        private TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _ranges;
        private int _given;
        private int _disposed;
        private int _asked;
        private int _waiting;
        private int _alone;

        public int Ranges => _ranges;

        public int Given => _given;

        public int Disposed => _disposed;

        public long? FailAt { get; init; }

        /// <summary>Pages come when so many were asked for at once, or seconds later in vain; 0 for as soon as they are asked for.</summary>
        public int Together { get; init; }

        /// <summary>Pages that waited for others in vain.</summary>
        public int Alone => _alone;

        /// <summary>How long a page takes.</summary>
        public TimeSpan Delay { get; init; }

        /// <summary>For each page, how many were asked for at the time.</summary>
        public ConcurrentBag<int> AtOnce { get; } = [];

        public Action<long> OnPage { get; init; } = static _ => { };

        public long Requests => 0;

        public long Retries => 0;

        public DateTimeOffset? Now => null;

        public Task<IdRange?> ProbeRangeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public async IAsyncEnumerable<RecordPage> ReadAsync(IdRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _ranges);
            foreach (var page in ids.Where(id => id >= range.First && id <= range.Last).Chunk(10))
            {
                AtOnce.Add(Interlocked.Increment(ref _asked));
                if (Together > 0)
                    await TogetherAsync();
                else if (Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, CancellationToken.None);
                else
                    await Task.Yield();

                Interlocked.Decrement(ref _asked);
                cancellationToken.ThrowIfCancellationRequested();
                OnPage(page[^1]);
                if (FailAt is { } bad && page.Contains(bad))
                    throw new IOException("The page did not come.");

                Interlocked.Increment(ref _given);
                yield return new RecordPage(new byte[PageBytes], page.Length, page[^1], new Owner(page, () => Interlocked.Increment(ref _disposed)));
            }
        }

        private async Task TogetherAsync()
        {
            Task enough;
            lock (_lock)
            {
                // The test has failed already: there is nothing to wait for.
                if (_alone > Together)
                    return;
                enough = _enough.Task;
                if (++_waiting == Together)
                {
                    _waiting = 0;
                    _enough.SetResult();
                    _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            try
            {
                await enough.WaitAsync(TimeSpan.FromSeconds(3), CancellationToken.None);
            }
            catch (TimeoutException)
            {
                lock (_lock)
                {
                    if (enough.IsCompleted)
                        return;
                    _waiting--;
                    _alone++;
                }
            }
        }

        public sealed class Owner(long[] ids, Action onDispose) : IDisposable
        {
            public long[] Ids { get; } = ids;

            public void Dispose() => onDispose();
        }
    }
}
