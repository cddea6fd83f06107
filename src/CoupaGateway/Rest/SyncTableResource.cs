using CoupaGateway.Sync.Runs;

namespace CoupaGateway.Rest;

/// <summary>One API table of a run, with everything nested in it.</summary>
/// <param name="Table">Name of the API table.</param>
/// <param name="State">As that of the run.</param>
/// <param name="Mode">How it is brought up to date: <c>full</c> where the mode asked for is not possible.</param>
/// <param name="RecordsRead">Records read from Coupa, also by processes that ended on the way.</param>
/// <param name="RecordsEstimated">Records there will be in all; null while nothing can be said.</param>
/// <param name="RowsWritten">Rows of all tables that were read out of the records.</param>
/// <param name="RowsChanged">Rows that are new or have another content; known at the commit.</param>
/// <param name="RowsDeleted">Rows that are gone; known at the commit.</param>
/// <param name="BadValues">Values that did not fit their column.</param>
/// <param name="UnusableRecords">Records left out, because they are no objects or have no usable key.</param>
/// <param name="Requests">Requests sent to Coupa.</param>
/// <param name="Retries">Requests that were made again.</param>
/// <param name="BytesRead">JSON bytes read.</param>
/// <param name="CurrentId">The largest id read.</param>
/// <param name="WindowFrom">Start of a delta's window of time.</param>
/// <param name="WindowUntil">End of a delta's window; when the reading began, for other modes.</param>
/// <param name="RecordsPerSecond">Since the start.</param>
/// <param name="StartedAt">When a worker began (UTC).</param>
/// <param name="EstimatedEnd">When the reading will have ended; null while nothing can be said.</param>
/// <param name="EndedAt">When it ended (UTC).</param>
/// <param name="Attempts">How often it was begun, by whichever process.</param>
/// <param name="Worker">The process that works on it, or did last: <c>machine:process</c>; null before.</param>
/// <param name="Error">Why it failed, or failed last; null otherwise.</param>
internal sealed record SyncTableResource(
    string Table,
    string State,
    string Mode,
    long RecordsRead,
    long? RecordsEstimated,
    long RowsWritten,
    long RowsChanged,
    long RowsDeleted,
    long BadValues,
    long UnusableRecords,
    long Requests,
    long Retries,
    long BytesRead,
    long? CurrentId,
    DateTimeOffset? WindowFrom,
    DateTimeOffset? WindowUntil,
    double? RecordsPerSecond,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EstimatedEnd,
    DateTimeOffset? EndedAt,
    int Attempts,
    string? Worker,
    string? Error)
{
    public static SyncTableResource Of(TableRun run) => new(
        run.Table,
        SyncResource.Name(run.State),
        SyncResource.Name(run.Mode),
        run.Records,
        run.EstimatedRecords,
        run.Rows.Values.Sum(),
        run.Changed,
        run.Deleted,
        run.BadValues,
        run.UnusableRecords,
        run.Requests,
        run.Retries,
        run.Bytes,
        run.CurrentId,
        run.From,
        run.Until,
        run.Rate,
        run.StartedAt,
        run.EstimatedEnd,
        run.EndedAt,
        run.Attempts,
        run.Worker,
        run.Error);
}
