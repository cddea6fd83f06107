using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Sync.Loading;

namespace CoupaGateway.Sync.Sources;

/// <summary>
/// Reads a range of ids with several readers at once and hands the pages out in the order of ids, so that chunks come out full, sorted and
/// disjoint, whatever the number of readers.
/// </summary>
/// <remarks>
/// <code>
///   ids   |--- segment 1 ---|--- segment 2 ---|--- segment 3 ---|   ...
///   1. Segments are begun one after another, each when a reader is free and there is memory for all of it (ReadAhead): what is needed first is read first.
///   2. Readers fill the queues of their segments; a queue that gets fuller than expected makes its reader wait.
///   3. The caller gets the pages of the first segment, then of the second, ...
///   4. What was read tells how densely ids lie and how large pages are; later segments are cut accordingly (SegmentPlan).
/// </code>
/// </remarks>
internal sealed class OrderedReader(IRecordSource source, LoadOptions options, ReadAhead ahead)
{
    private long _held;
    private int _begun;

    public async IAsyncEnumerable<RecordPage> ReadAsync(IdRange whole, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var readers = new SemaphoreSlim(options.Readers);
        var segments = Channel.CreateBounded<Segment>(new BoundedChannelOptions(options.Readers * 2) { SingleReader = true, SingleWriter = true });
        var beginning = BeginAllAsync(new SegmentPlan(whole, options, ahead.Limit), segments.Writer, readers, stop.Token);
        Segment? current = null;
        try
        {
            await foreach (var segment in segments.Reader.ReadAllAsync(cancellationToken))
            {
                current = segment;
                await foreach (var page in segment.Pages.Reader.ReadAllAsync(cancellationToken))
                {
                    Hold(-page.Json.Length);
                    yield return page;
                }

                await segment.Reading;
                Interlocked.Decrement(ref _begun);
                ahead.Wake();
            }

            await beginning;
        }
        finally
        {
            await stop.CancelAsync();
            await beginning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (current is not null)
                await AbandonAsync(current);

            while (segments.Reader.TryRead(out var segment))
                await AbandonAsync(segment);
        }
    }

    private async Task BeginAllAsync(SegmentPlan plan, ChannelWriter<Segment> segments, SemaphoreSlim readers, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await readers.WaitAsync(cancellationToken);
                if (plan.Next() is not { } next)
                    return;

                // Whatever others hold: what the caller waits for is read.
                await ahead.ReserveAsync(next.Bytes, () => Volatile.Read(ref _begun) == 0 || Interlocked.Read(ref _held) + next.Bytes <= ahead.Share, cancellationToken);
                Interlocked.Add(ref _held, next.Bytes);
                Interlocked.Increment(ref _begun);
                var pages = Channel.CreateBounded<RecordPage>(new BoundedChannelOptions(next.Pages + 1) { SingleReader = true, SingleWriter = true });
                var segment = new Segment(pages, FillAsync(plan, next, pages, readers, cancellationToken));
                try
                {
                    await segments.WriteAsync(segment, cancellationToken);
                }
                catch
                {
                    await AbandonAsync(segment);
                    throw;
                }
            }
        }
        finally
        {
            segments.Complete();
        }
    }

    private async Task FillAsync(SegmentPlan plan, PlannedSegment segment, Channel<RecordPage> pages, SemaphoreSlim readers, CancellationToken cancellationToken)
    {
        var expected = segment.Bytes;
        var records = 0L;
        try
        {
            await foreach (var page in source.ReadAsync(segment.Range, cancellationToken))
            {
                var bytes = Math.Min(expected, segment.PageBytes);
                expected -= bytes;
                Hold(page.Json.Length - bytes);
                plan.PageRead(page.Json.Length);
                records += page.Records;
                await WriteAsync(pages.Writer, page, cancellationToken);
            }

            plan.SegmentRead(segment.Range, records);
        }
        finally
        {
            Hold(-expected);
            readers.Release();

            // The failure itself is told by the task, which the caller awaits when the queue is empty.
            pages.Writer.Complete();
        }
    }

    private async ValueTask WriteAsync(ChannelWriter<RecordPage> pages, RecordPage page, CancellationToken cancellationToken)
    {
        try
        {
            await pages.WriteAsync(page, cancellationToken);
        }
        catch
        {
            GiveBack(page);
            throw;
        }
    }

    /// <summary>Waits for the reader to stop and gives back what it has left.</summary>
    private async Task AbandonAsync(Segment segment)
    {
        await segment.Reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (segment.Pages.Reader.TryRead(out var page))
            GiveBack(page);
    }

    private void GiveBack(RecordPage page)
    {
        Hold(-page.Json.Length);
        page.Dispose();
    }

    private void Hold(long bytes)
    {
        Interlocked.Add(ref _held, bytes);
        ahead.Add(bytes);
    }

    private sealed record Segment(Channel<RecordPage> Pages, Task Reading);
}
