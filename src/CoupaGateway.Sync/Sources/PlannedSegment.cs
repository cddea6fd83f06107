using CoupaGateway.Coupa.Paging;

namespace CoupaGateway.Sync.Sources;

/// <summary>A range of ids for one reader.</summary>
/// <param name="Pages">Pages that it should have.</param>
/// <param name="PageBytes">Bytes that a page should have.</param>
internal sealed record PlannedSegment(IdRange Range, int Pages, long PageBytes)
{
    public long Bytes => Pages * PageBytes;
}
