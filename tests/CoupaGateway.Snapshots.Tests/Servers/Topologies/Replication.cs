using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Tests.Servers.Topologies;

/// <summary>Primaries and replicas that change places.</summary>
internal static class Replication
{
    /// <summary>Ends the server that has a key, once its replica has everything: what a replica lacks would be lost, which is another test's matter.</summary>
    public static async Task<RedisProcess> StopPrimaryAsync(IDatabase db, RedisKey key, IEnumerable<RedisProcess> servers)
    {
        var address = (await db.IdentifyEndpointAsync(key))!;
        await db.Multiplexer.GetServer(address).ExecuteAsync("WAIT", "1", "5000");
        var primary = servers.Single(server => $"127.0.0.1:{server.Port}" == address.ToString());
        await primary.StopAsync();
        return primary;
    }

    /// <summary>Starts a server again and waits until it is a replica that has everything.</summary>
    public static async Task StartReplicaAsync(RedisProcess server, string? password = null)
    {
        await server.StartAgainAsync();
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},password={password}");
        await Eventually.TrueAsync(async () =>
        {
            var facts = (await admin.GetServer("127.0.0.1", server.Port).InfoAsync("replication")).SelectMany(static group => group).ToDictionary();
            return facts["role"] == "slave" && facts["master_link_status"] == "up";
        });
    }
}
