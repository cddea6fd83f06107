using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Tests.Servers.Topologies;

/// <summary>One server, which keeps its data.</summary>
internal sealed class SingleTopology : ICacheTopology
{
    private readonly TempFolder _folder = new();
    private RedisProcess _redis = null!;

    private SingleTopology()
    {
    }

    public required (string Name, string Value)[] Settings { get; set; }

    public static async Task<SingleTopology> StartAsync(string program = "redis-server", params string[] arguments)
    {
        var topology = new SingleTopology { Settings = [] };
        topology._redis = await RedisProcess.StartProgramAsync(program, topology._folder.Path, first: null, arguments);
        topology.Settings = [("Redis", $"127.0.0.1:{topology._redis.Port}")];
        return topology;
    }

    /// <summary>With TLS; the server asks for a client's certificate, and nobody knows its authority.</summary>
    public static async Task<SingleTopology> StartWithTlsAsync()
    {
        var topology = new SingleTopology { Settings = [] };
        var certificates = new Certificates(topology._folder.Path);
        var port = RedisProcess.FreePort();
        topology._redis = await RedisProcess.StartAsync(topology._folder.Path, [.. certificates.ServerArguments(port)]);
        topology.Settings = [("Redis", $"127.0.0.1:{port}"), .. certificates.ClientSettings];
        return topology;
    }

    /// <summary>With a user who has the rights that docs/redis.md names, and a password that is not in the connection string.</summary>
    public static async Task<SingleTopology> StartWithUserAsync()
    {
        // Given as a setting, so that it is there again after a restart.
        var topology = await StartAsync("redis-server", ["--user", .. DocumentedUser.Arguments("secret-of-the-test").Skip(1)]);
        topology.Settings = [.. topology.Settings, ("User", DocumentedUser.Name), ("Password", "secret-of-the-test")];
        return topology;
    }

    public Task FailOverAsync(IDatabase db, RedisKey key) => _redis.RestartAsync();

    public Task RecoverAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        _folder.Dispose();
    }
}
