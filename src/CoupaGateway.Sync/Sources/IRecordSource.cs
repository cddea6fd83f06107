using CoupaGateway.Coupa.Paging;

namespace CoupaGateway.Sync.Sources;

/// <summary>Records of one resource, by ranges of ids.</summary>
internal interface IRecordSource
{
    /// <summary>Requests made so far. What is tried again counts once.</summary>
    long Requests { get; }

    /// <summary>Requests that were made again.</summary>
    long Retries { get; }

    /// <summary>What the clock shows by which the records are stamped, as the last answer told it; null when none has.</summary>
    DateTimeOffset? Now { get; }

    /// <summary>Smallest and largest id, or null when there are no records.</summary>
    Task<IdRange?> ProbeRangeAsync(CancellationToken cancellationToken);

    /// <summary>All records of a range, in the order of ids, page by page. The caller disposes the pages.</summary>
    IAsyncEnumerable<RecordPage> ReadAsync(IdRange range, CancellationToken cancellationToken);
}
