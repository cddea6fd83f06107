using CoupaGateway.Snapshots.Manifests;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots;

/// <summary>What this project logs: event ids 2000 to 2999.</summary>
internal static partial class SnapshotsLog
{
    [LoggerMessage(2000, LogLevel.Information, "Connected to the cache server")]
    public static partial void RedisConnected(ILogger logger);

    [LoggerMessage(2001, LogLevel.Error, "{Code}: {Found} {Advice} The gateway goes on trying")]
    public static partial void CacheUnfit(ILogger logger, string code, string found, string advice);

    [LoggerMessage(2002, LogLevel.Warning, "Lost the cache server ({Failure}); feeds go on from what is known, trying to reconnect")]
    public static partial void RedisLost(ILogger logger, ConnectionFailureType failure);

    [LoggerMessage(2003, LogLevel.Information, "The cache server is back")]
    public static partial void RedisBack(ILogger logger);

    [LoggerMessage(2004, LogLevel.Warning, "{Code}: {Found} {Advice}")]
    public static partial void CacheDoubtful(ILogger logger, string code, string found, string advice);

    [LoggerMessage(2010, LogLevel.Information, "Embedded cache server started, data in {Folder}")]
    public static partial void EmbeddedStarted(ILogger logger, string folder);

    [LoggerMessage(2011, LogLevel.Warning, "The embedded cache server did not start; trying again")]
    public static partial void EmbeddedStartFailed(ILogger logger, Exception error);

    [LoggerMessage(2012, LogLevel.Error, "The last start of the embedded cache server never ended: its data was moved to {Folder}, tables are loaded again")]
    public static partial void DataMovedAside(ILogger logger, string folder);

    [LoggerMessage(2013, LogLevel.Warning, "The embedded cache server could not take a checkpoint")]
    public static partial void CheckpointFailed(ILogger logger, Exception error);

    [LoggerMessage(2020, LogLevel.Information, "Committed version {Version} of {Table}: {Rows} rows in {Chunks} chunks")]
    public static partial void Committed(ILogger logger, TableId table, long version, long rows, int chunks);

    [LoggerMessage(2021, LogLevel.Information, "Version {Version} of {Table} was committed by another worker first")]
    public static partial void CommitLost(ILogger logger, TableId table, long version);

    [LoggerMessage(2022, LogLevel.Information, "Dropped {Table}")]
    public static partial void Dropped(ILogger logger, TableId table);

    [LoggerMessage(2030, LogLevel.Warning, "The cache server cannot be asked for new versions; feeds go on from what is known")]
    public static partial void FollowFailed(ILogger logger, Exception error);

    [LoggerMessage(2031, LogLevel.Error, "{Table} is damaged: {Missing} of the chunks of version {Version} are gone; it has to be loaded again")]
    public static partial void TableDamaged(ILogger logger, TableId table, long version, int missing);

    [LoggerMessage(2032, LogLevel.Error, "{Table} is damaged: the manifest is gone; it has to be loaded again")]
    public static partial void ManifestMissing(ILogger logger, TableId table);

    [LoggerMessage(2040, LogLevel.Warning, "The file of chunk {Hash} in the local cache is not what it was; fetched again")]
    public static partial void LocalChunkBad(ILogger logger, string hash);

    [LoggerMessage(2050, LogLevel.Warning, "The cache server cannot be asked for changed connections and keys; the known ones stay in force")]
    public static partial void DocumentsFailed(ILogger logger, Exception error);
}
