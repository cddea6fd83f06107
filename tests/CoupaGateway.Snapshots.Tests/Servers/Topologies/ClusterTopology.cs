using System.Diagnostics;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Tests.Servers.Topologies;

/// <summary>Three primaries, each with a replica, which share the slots out.</summary>
internal sealed class ClusterTopology : ICacheTopology
{
    private readonly List<(RedisProcess Process, TempFolder Folder)> _nodes = [];
    private RedisProcess? _gone;

    private ClusterTopology()
    {
    }

    // Two of six: a client asks them for the others.
    public (string Name, string Value)[] Settings => [("Redis", string.Join(',', _nodes.Take(2).Select(static node => $"127.0.0.1:{node.Process.Port}")))];

    public static async Task<ClusterTopology> StartAsync()
    {
        var topology = new ClusterTopology();
        try
        {
            await topology.StartNodesAsync();
            await topology.CreateAsync();
            return topology;
        }
        catch
        {
            await topology.DisposeAsync();
            throw;
        }
    }

    private async Task StartNodesAsync()
    {
        for (var i = 0; i < 6; i++)
        {
            var folder = new TempFolder();
            var bus = RedisProcess.FreePort();
            var process = await RedisProcess.StartAsync(
                folder.Path, "--cluster-enabled", "yes", "--cluster-port", $"{bus}", "--cluster-node-timeout", "2000", "--cluster-config-file", "nodes.conf", "--repl-diskless-sync-delay", "0");
            _nodes.Add((process, folder));
        }
    }

    public async Task FailOverAsync(IDatabase db, RedisKey key) => _gone = await Replication.StopPrimaryAsync(db, key, _nodes.Select(static node => node.Process));

    public Task RecoverAsync() => Replication.StartReplicaAsync(_gone!);

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, folder) in _nodes)
        {
            await process.DisposeAsync();
            folder.Dispose();
        }
    }

    private async Task CreateAsync()
    {
        string[] arguments = ["--cluster", "create", .. _nodes.Select(static node => $"127.0.0.1:{node.Process.Port}"), "--cluster-replicas", "1", "--cluster-yes"];
        using var cli = Process.Start(new ProcessStartInfo("redis-cli", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await cli.StandardOutput.ReadToEndAsync();
        await cli.WaitForExitAsync();
        Assert.True(cli.ExitCode == 0, output);

        // Every node knows every replica; else the first failure may find a primary without one.
        foreach (var (process, _) in _nodes)
        {
            await using var admin = await ConnectionMultiplexer.ConnectAsync(process.ConnectionString);
            var server = admin.GetServer("127.0.0.1", process.Port);
            var seen = "";
            await Eventually.TrueAsync(
                async () =>
                {
                    var state = (string)(await server.ExecuteAsync("CLUSTER", "INFO"))!;
                    var nodes = (string)(await server.ExecuteAsync("CLUSTER", "NODES"))!;
                    var facts = (await server.InfoAsync("replication")).SelectMany(static group => group).ToDictionary();
                    seen = $"{state}\n{nodes}\n{string.Join('\n', facts)}";
                    return state.Contains("cluster_state:ok", StringComparison.Ordinal)
                        && nodes.Split('\n').Count(static line => line.Contains("slave", StringComparison.Ordinal)) == 3
                        && (facts["role"] == "slave" ? facts["master_link_status"] == "up" : facts["connected_slaves"] == "1");
                },
                () => seen);
        }
    }
}
