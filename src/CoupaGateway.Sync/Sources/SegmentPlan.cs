using CoupaGateway.Coupa.Paging;
using CoupaGateway.Sync.Loading;

namespace CoupaGateway.Sync.Sources;

/// <summary>Cuts a range of ids into segments that one reader each reads, by what was found so far: how densely ids lie, and how large pages are.</summary>
/// <param name="limit">Bytes that all segments together should stay below.</param>
internal sealed class SegmentPlan(IdRange whole, LoadOptions options, long limit)
{
    // A segment without records says little about the next one: widen step by step.
    private const int WidestStep = 8;

    // What was found longer ago counts less and less.
    private const double Memory = 0.75;

    // Of the limit, for segments that are being read; the rest is for those that wait for their turn.
    private const double BeingRead = 2 / 3d;

    private readonly Lock _gate = new();
    private double _pageBytes = Math.Min(1 << 20, (double)limit / options.Readers);
    private bool _isKnown;
    private double _records;
    private double _width;
    private long _lastWidth;
    private Int128 _next = whole.First;

    /// <summary>The next segment; null at the end.</summary>
    public PlannedSegment? Next()
    {
        lock (_gate)
        {
            if (_next > whole.Last)
                return null;

            // The fewer pages one after another, the less waits in memory for its turn; the more, the fewer requests find just the end of a range.
            var pages = _isKnown ? (int)Math.Clamp(limit * BeingRead / (options.Readers * Math.Max(1, _pageBytes)), 1, options.PagesPerSegment) : 1;
            var first = (long)_next;
            var last = (long)Int128.Min(whole.Last, _next + Width((long)pages * options.RecordsPerPage) - 1);
            _next = (Int128)last + 1;
            return new PlannedSegment(new IdRange(first, last), pages, (long)_pageBytes);
        }
    }

    public void PageRead(long bytes)
    {
        lock (_gate)
            (_pageBytes, _isKnown) = (_isKnown ? (_pageBytes * Memory) + (bytes * (1 - Memory)) : bytes, true);
    }

    public void SegmentRead(IdRange range, long records)
    {
        lock (_gate)
        {
            _records = (_records * Memory) + records;
            _width = (_width * Memory) + range.Width;
            _lastWidth = Math.Max(_lastWidth, range.Width);
        }
    }

    /// <summary>So many ids as hold about as many records as fit the pages, or a few less: one too many costs a request.</summary>
    private long Width(long records)
    {
        if (_width == 0)
            return records;

        var density = Math.Min(1, _records / _width);
        var wanted = records - Math.Sqrt(records * (1 - density));
        var ideal = density == 0 ? double.MaxValue : wanted / density;
        return (long)Math.Clamp(ideal, records, Math.Max(records, (double)Math.Min(_lastWidth, long.MaxValue / WidestStep / 2) * WidestStep));
    }
}
