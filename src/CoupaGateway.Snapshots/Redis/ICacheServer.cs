using CoupaGateway.Snapshots.Redis.Inspection;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Redis;

/// <summary>The one connection of this process to the cache server, embedded or not.</summary>
public interface ICacheServer
{
    /// <summary>Takes the data folder for this process, before anything is started; the first connection does it too.</summary>
    /// <exception cref="CacheUnavailableException">Another process has it, or it cannot be written.</exception>
    void Claim();

    /// <summary>Connects on first use. A server that is away does not fail here but in the command that needs it; the connection mends itself.</summary>
    /// <exception cref="CacheUnavailableException">The configuration is wrong or the embedded server cannot start.</exception>
    /// <exception cref="RedisConnectionException">No sentinel says where the primary is; the next call asks again.</exception>
    ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Whether the server can be reached just now; false before the first connection.</summary>
    bool IsConnected { get; }

    /// <summary>What is wrong with the server or the way to it, the worst first; empty when it suits the gateway. Sends it some thirty commands.</summary>
    /// <exception cref="CacheUnavailableException">As <see cref="ConnectAsync"/>, but for a server that is too old, which is a finding.</exception>
    Task<IReadOnlyList<CacheFinding>> InspectAsync(CancellationToken cancellationToken);

    /// <summary>Tells that something worth keeping was written: the embedded server takes a checkpoint soon. Nothing for an external server.</summary>
    void RequestCheckpoint();
}
