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
///   1. Readers fill segments ahead, each into a queue of its own; a full queue makes its reader wait, and so does full memory (ReadAhead).
///   2. The caller gets the pages of the first segment, then of the second, ...
///   3. A finished segment tells how densely ids lie; later segments are cut wider or narrower, to hold about PagesPerSegment pages each.
/// </code>
/// </remarks>
internal sealed class OrderedReader(IRecordSource source, LoadOptions options, ReadAhead ahead)
{
    // A segment without records says little about the next one: widen step by step.
    private const int WidestStep = 8;

    // The queue that the caller empties now.
    private volatile ChannelReader<RecordPage>? _first;

    public async IAsyncEnumerable<RecordPage> ReadAsync(IdRange whole, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var readers = new SemaphoreSlim(options.Readers);
        var segments = new Queue<Segment>();
        var wanted = (long)options.PagesPerSegment * options.RecordsPerPage;
        var width = wanted;
        long? next = whole.Width > 0 ? whole.First : null;
        try
        {
            while (true)
            {
                while (next is { } first && segments.Count < options.Readers * 2)
                {
                    var last = first > whole.Last - width ? whole.Last : first + width - 1;
                    segments.Enqueue(Start(new IdRange(first, last), readers, stop.Token));
                    next = last < whole.Last ? last + 1 : null;
                }

                if (!segments.TryPeek(out var segment))
                    break;

                var records = 0L;
                _first = segment.Pages.Reader;
                ahead.Wake();
                await foreach (var page in _first.ReadAllAsync(cancellationToken))
                {
                    ahead.Remove(page.Json.Length);
                    records += page.Records;
                    yield return page;
                }

                await segment.Reading;
                segments.Dequeue();
                width = Width(segment.Range.Width, records, wanted);
            }
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var segment in segments)
                await AbandonAsync(segment);
        }
    }

    private static long Width(long width, long records, long wanted)
    {
        var ideal = records == 0 ? double.MaxValue : (double)width * wanted / records;
        return (long)Math.Clamp(ideal, wanted, Math.Max(wanted, Math.Min(width, long.MaxValue / WidestStep) * WidestStep));
    }

    private Segment Start(IdRange range, SemaphoreSlim readers, CancellationToken cancellationToken)
    {
        var pages = Channel.CreateBounded<RecordPage>(new BoundedChannelOptions(options.PagesPerSegment + 1) { SingleReader = true, SingleWriter = true });
        return new Segment(range, pages, FillAsync(range, pages, readers, cancellationToken));
    }

    private async Task FillAsync(IdRange range, Channel<RecordPage> pages, SemaphoreSlim readers, CancellationToken cancellationToken)
    {
        try
        {
            await readers.WaitAsync(cancellationToken);
            try
            {
                // Whoever is waited for reads on however full memory is.
                bool IsWaitedFor() => _first == pages.Reader && pages.Reader.Count == 0;
                await ahead.WaitAsync(IsWaitedFor, cancellationToken);
                await foreach (var page in source.ReadAsync(range, cancellationToken))
                {
                    await WriteAsync(pages.Writer, page, cancellationToken);
                    await ahead.WaitAsync(IsWaitedFor, cancellationToken);
                }
            }
            finally
            {
                readers.Release();
            }
        }
        finally
        {
            // The failure itself is told by the task, which the caller awaits when the queue is empty.
            pages.Writer.Complete();
        }
    }

    private async ValueTask WriteAsync(ChannelWriter<RecordPage> pages, RecordPage page, CancellationToken cancellationToken)
    {
        ahead.Add(page.Json.Length);
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
        ahead.Remove(page.Json.Length);
        page.Dispose();
    }

    private sealed record Segment(IdRange Range, Channel<RecordPage> Pages, Task Reading);
}
