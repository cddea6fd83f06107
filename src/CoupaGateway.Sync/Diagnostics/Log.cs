using CoupaGateway.Snapshots.Manifests;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Sync.Diagnostics;

/// <summary>The log messages of the project: event ids 3000 to 3999.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "{Connection}: {Table} is up to date ({Mode}): {Records} records and {Rows} rows read with everything nested, {Changed} changed, {Deleted} gone, {Requests} requests.")]
    public static partial void Loaded(ILogger logger, LoadMode mode, string connection, string table, long records, long rows, long changed, long deleted, long requests);

    [LoggerMessage(3001, LogLevel.Error, "{Connection}: {Table} could not be loaded.")]
    public static partial void Failed(ILogger logger, string connection, string table, Exception exception);

    [LoggerMessage(3002, LogLevel.Warning, "{Connection}: {Count} values of {Table}.{Column} do not fit the column and are left out. Records, for example: {Keys}.")]
    public static partial void BadValues(ILogger logger, string connection, string table, string column, long count, string keys);

    [LoggerMessage(3003, LogLevel.Warning, "{Connection}: {Count} records have no usable key and are left out. Positions in the order of reading, for example: {Positions}.")]
    public static partial void UnusableRecords(ILogger logger, string connection, long count, string positions);

    [LoggerMessage(3004, LogLevel.Information, "{Connection}: loading {Count} API tables.")]
    public static partial void Starting(ILogger logger, string connection, int count);

    [LoggerMessage(3005, LogLevel.Error, "{Connection}: the tables to load could not be found out.")]
    public static partial void PassFailed(ILogger logger, string connection, Exception exception);

    [LoggerMessage(3006, LogLevel.Information, "{Connection}: {Table} has left the schema some time ago; its rows are removed.")]
    public static partial void Retired(ILogger logger, string connection, string table);

    [LoggerMessage(3007, LogLevel.Warning, "{Connection}: {Table} is read by the clock of the instance, which says {Theirs:u}; this machine's says {Ours:u} and is to be set right.")]
    public static partial void OtherClock(ILogger logger, string connection, string table, DateTimeOffset ours, DateTimeOffset theirs);

    [LoggerMessage(3008, LogLevel.Warning, "{Connection}: {Table} was read up to {Watermark:u}, which is still to come: a clock was ahead. What changed since {From:u} is read again.")]
    public static partial void WatermarkAhead(ILogger logger, string connection, string table, DateTimeOffset watermark, DateTimeOffset from);

    [LoggerMessage(3009, LogLevel.Warning, "{Connection}: {Rule} of {Table} was last due at {Last:u}, which is still to come: a clock was ahead. The schedule begins anew.")]
    public static partial void ScheduleAhead(ILogger logger, string connection, string table, string rule, DateTimeOffset last);

    [LoggerMessage(3020, LogLevel.Debug, "{Host}: the shared request budget cannot be reached ({Reason}); requests wait.")]
    public static partial void BudgetAway(ILogger logger, string host, string reason);

    [LoggerMessage(3011, LogLevel.Information, "{Connection}: {Table} ({Mode}): {Records} of about {Estimated} records, {RecordsPerSecond:0.#} a second, about {SecondsLeft:0} s left. Requests a second: {RequestsPerSecond:0.#} of {RequestsAllowed:0.#}.")]
    public static partial void Progress(
        ILogger logger, string connection, string table, LoadMode mode, long records, long? estimated, double? recordsPerSecond, double? secondsLeft, double requestsPerSecond, double requestsAllowed);

    [LoggerMessage(3010, LogLevel.Information, "{Table}: the work stops here ({Reason}); whoever gets the table next goes on with it.")]
    public static partial void WorkerStopped(ILogger logger, TableId table, string reason);
}
