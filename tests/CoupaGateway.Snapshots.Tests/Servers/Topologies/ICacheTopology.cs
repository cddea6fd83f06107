using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Tests.Servers.Topologies;

/// <summary>Cache servers as people set them up, and what happens to them.</summary>
internal interface ICacheTopology : IAsyncDisposable
{
    /// <summary>Settings of the section <c>Cache</c> by which a gateway reaches them.</summary>
    (string Name, string Value)[] Settings { get; }

    /// <summary>The server that has a key is gone, and another takes over; where there is no other, it comes back with what it had.</summary>
    Task FailOverAsync(IDatabase db, RedisKey key);

    /// <summary>The server that was gone is there again.</summary>
    Task RecoverAsync();
}
