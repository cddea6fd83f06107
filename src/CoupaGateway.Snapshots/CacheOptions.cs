using System.ComponentModel.DataAnnotations;
using CoupaGateway.Snapshots.Redis;

namespace CoupaGateway.Snapshots;

/// <summary>Where the tables are kept at rest. Bound from the section <c>Cache</c>.</summary>
public sealed class CacheOptions : IValidatableObject
{
    public const string SectionName = "Cache";

    /// <summary>Addresses and options of the cache server: <c>host:port[,host:port…][,name=value…]</c>, as StackExchange.Redis reads them. Of a cluster some nodes suffice. Empty, the default: the gateway runs its own cache server.</summary>
    public string? Redis { get; set; }

    /// <summary>ACL user. Empty: the one in <see cref="Redis"/>, or the server's default user.</summary>
    public string? User { get; set; }

    /// <summary>Password of the user. Empty: the one in <see cref="Redis"/>. Never logged and in no error message.</summary>
    public string? Password { get; set; }

    /// <summary>Name of the primary that Sentinel watches. With it the addresses in <see cref="Redis"/> are those of the sentinels.</summary>
    public string? SentinelPrimary { get; set; }

    /// <summary>ACL user at the sentinels. Empty: <see cref="User"/>.</summary>
    public string? SentinelUser { get; set; }

    /// <summary>Password at the sentinels. Empty: <see cref="Password"/>; sentinels that ask for none take any.</summary>
    public string? SentinelPassword { get; set; }

    /// <summary>Encryption of the line to the cache server.</summary>
    public CacheTlsOptions Tls { get; set; } = new();

    /// <summary>The data folder: local chunks, and the embedded server's data. One process at a time. The default is <c>data</c>.</summary>
    [Required]
    public string Folder { get; set; } = "data";

    /// <summary>How much disk the local chunk files may take, in bytes. The default is 2 GiB. Files that are being read may exceed it.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long ChunkCacheBytes { get; set; } = 2L << 30;

    /// <summary>How many chunks are downloaded or uploaded at a time: bounds memory and leaves the line free. The default is 4.</summary>
    [Range(1, 64)]
    public int ParallelTransfers { get; set; } = 4;

    /// <summary>The largest chunk that is accepted, in bytes. The default is 8 MiB, what the embedded server holds in one value.</summary>
    [Range(1 << 10, 8 << 20)]
    public int MaxChunkBytes { get; set; } = 8 << 20;

    /// <summary>How long an uploaded chunk waits for its commit. The default is 6 hours.</summary>
    /// <remarks>Also the time within which a commit that was cut off by a crash is completed, so keep it long.</remarks>
    [TimeSpanRange("00:00:10", "30.00:00:00")]
    public TimeSpan StagedLifetime { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How long a replaced version can still be read. The default is 1 hour.</summary>
    [TimeSpanRange("00:00:05", "30.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often a process asks for new versions besides listening for them. The default is half a second.</summary>
    [TimeSpanRange("00:00:00.05", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often every table is tidied: what a crash left half done is completed, lost chunks are noticed. The default is 5 minutes.</summary>
    [TimeSpanRange("00:00:00.05", "01:00:00")]
    public TimeSpan TidyInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The least time between two checkpoints of the embedded server. The default is 10 seconds; a crash loses at most that.</summary>
    [TimeSpanRange("00:00:00.05", "01:00:00")]
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What the settings of the cache server mean together.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => RedisConfiguration.FindFaults(this).Select(static fault => new ValidationResult(fault));
}
