using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Tests.Servers.Topologies;

/// <summary>A primary and a replica with a password, watched by three sentinels without one.</summary>
internal sealed class SentinelTopology : ICacheTopology
{
    private const string Primary = "coupa";
    private const string Password = "secret-of-the-test";
    private static readonly string[] Arguments = ["--repl-diskless-sync-delay", "0", "--requirepass", Password, "--masterauth", Password];

    private readonly TempFolder _folder = new();
    private readonly List<RedisProcess> _servers = [];
    private readonly List<RedisProcess> _sentinels = [];
    private RedisProcess? _gone;

    private SentinelTopology()
    {
    }

    public (string Name, string Value)[] Settings =>
        [("Redis", string.Join(',', _sentinels.Select(static sentinel => $"127.0.0.1:{sentinel.Port}"))), ("SentinelPrimary", Primary), ("Password", Password)];

    public static async Task<SentinelTopology> StartAsync()
    {
        var topology = new SentinelTopology();
        try
        {
            await topology.StartServersAsync();
            return topology;
        }
        catch
        {
            await topology.DisposeAsync();
            throw;
        }
    }

    private async Task StartServersAsync()
    {
        var primary = await RedisProcess.StartAsync(null, Arguments);
        _servers.Add(primary);
        _servers.Add(await RedisProcess.StartAsync(null, [.. Arguments, "--replicaof", $"127.0.0.1 {primary.Port}"]));
        for (var i = 0; i < 3; i++)
            _sentinels.Add(await StartSentinelAsync(primary.Port, i));

        await using var sentinel = await ConnectionMultiplexer.ConnectAsync(
            new ConfigurationOptions { EndPoints = { { "127.0.0.1", _sentinels[0].Port } }, CommandMap = CommandMap.Sentinel, TieBreaker = "" });
        await Eventually.TrueAsync(async () =>
        {
            var facts = (string[])(await sentinel.GetServers()[0].ExecuteAsync("SENTINEL", "MASTER", Primary))!;
            return Fact("num-slaves") == "1" && Fact("num-other-sentinels") == "2";

            string Fact(string name) => facts[Array.IndexOf(facts, name) + 1];
        });
    }

    public Task StopSentinelsAsync() => Task.WhenAll(_sentinels.Select(static sentinel => sentinel.StopAsync()));

    public Task StartSentinelsAsync() => Task.WhenAll(_sentinels.Select(static sentinel => sentinel.StartAgainAsync()));

    public async Task FailOverAsync(IDatabase db, RedisKey key) => _gone = await Replication.StopPrimaryAsync(db, key, _servers);

    public Task RecoverAsync() => Replication.StartReplicaAsync(_gone!, Password);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _sentinels.Concat(_servers))
            await process.DisposeAsync();
        _folder.Dispose();
    }

    private Task<RedisProcess> StartSentinelAsync(int primary, int number)
    {
        // Sentinels write what they learn into this file.
        var file = Path.Combine(_folder.Path, $"sentinel-{number}.conf");
        File.WriteAllLines(
            file,
            [
                $"sentinel monitor {Primary} 127.0.0.1 {primary} 2", $"sentinel auth-pass {Primary} {Password}", $"sentinel down-after-milliseconds {Primary} 1000", $"sentinel failover-timeout {Primary} 5000",
            ]);
        return RedisProcess.StartProgramAsync("redis-server", first: [file, "--sentinel"]);
    }
}
