using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Snapshots.Tests.Servers.Topologies;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Tests.Redis;

/// <summary>Load, read, failover and recovery, on every way in which people set up a cache server.</summary>
public sealed class TopologyTests
{
    /// <summary>Valkey is tested where it is installed; Debian has it since release 13.</summary>
    public static TheoryData<string> Topologies => [.. new[] { "redis", "tls", "user", "sentinel", "cluster", "garnet" }, .. IsInstalled("valkey-server") ? new[] { "valkey" } : []];

    [Theory]
    [MemberData(nameof(Topologies))]
    public async Task Tables_are_loaded_and_read_before_and_after_a_failover(string name)
    {
        await using var topology = await StartAsync(name);
        using var folders = new TempFolder();
        await using var worker = new Gateway(Path.Combine(folders.Path, "worker"), redis: null, topology.Settings);
        await using var reader = new Gateway(Path.Combine(folders.Path, "reader"), redis: null, topology.Settings);
        await reader.StartAsync();
        Assert.Empty(await worker.Server.InspectAsync(default));

        // Many connections, so that every node of a cluster has some.
        TableId[] tables = [.. Enumerable.Range(0, 12).Select(static number => new TableId($"c{number}", "invoices"))];
        foreach (var table in tables)
            await worker.CommitAsync(table, 1, 1, 2, 3);
        await CacheUse.LittleThingsAsync(worker, tables[0]);
        await ReadAsync(reader, tables, version: 1, 1, 2, 3);

        await topology.FailOverAsync(await worker.DatabaseAsync(), RedisKeys.Heads(tables[0].Connection));
        foreach (var table in tables)
            await PersistAsync(() => worker.CommitAsync(table, 2, 2, 4));
        await ReadAsync(reader, tables, version: 2, 2, 4);
        Assert.Equal("kept", await worker.State.GetAsync(tables[0], "checkpoint", default));

        await topology.RecoverAsync();
        await PersistAsync(() => CacheUse.LittleThingsAsync(worker, tables[1]));
        foreach (var table in tables)
            await PersistAsync(() => worker.CommitAsync(table, 3, 5));
        await ReadAsync(reader, tables, version: 3, 5);

        // And the other way round: what came back has everything that it needs to take over.
        await topology.FailOverAsync(await worker.DatabaseAsync(), RedisKeys.Heads(tables[0].Connection));
        foreach (var table in tables)
            await PersistAsync(() => worker.CommitAsync(table, 4, 5, 6));
        await ReadAsync(reader, tables, version: 4, 5, 6);
        Assert.All(tables, table => Assert.False(reader.Catalog.IsDamaged(table)));
        await reader.StopAsync();
    }

    private static async Task<ICacheTopology> StartAsync(string name) => name switch
    {
        "redis" => await SingleTopology.StartAsync(),
        "valkey" => await SingleTopology.StartAsync("valkey-server"),
        "tls" => await SingleTopology.StartWithTlsAsync(),
        "user" => await SingleTopology.StartWithUserAsync(),
        "sentinel" => await SentinelTopology.StartAsync(),
        "cluster" => await ClusterTopology.StartAsync(),
        "garnet" => new GarnetTopology(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static async Task ReadAsync(Gateway reader, TableId[] tables, long version, params int[] seeds)
    {
        foreach (var table in tables)
        {
            await Eventually.TrueAsync(() => reader.Catalog.FindCurrent(table)?.Version == version);
            await PersistAsync(async () =>
            {
                using var lease = await reader.Chunks.OpenAsync(table, reader.Catalog.FindCurrent(table)!.Chunks, default);
                Assert.Equal(seeds.Select(static seed => Gateway.Content(seed)), lease.Paths.Select(File.ReadAllBytes));
            });
        }
    }

    /// <summary>As a load does: again, while the servers sort themselves out.</summary>
    private static async Task PersistAsync(Func<Task> action)
    {
        Exception? last = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await action();
                    return true;
                }
                catch (Exception error) when (error is RedisException or TimeoutException)
                {
                    last = error;
                    return false;
                }
            },
            () => $"Still {last}");
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
