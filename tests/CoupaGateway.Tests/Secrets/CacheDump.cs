using System.Text;
using StackExchange.Redis;

namespace CoupaGateway.Tests.Secrets;

/// <summary>Everything that lies in a Redis server.</summary>
internal static class CacheDump
{
    public static async Task<List<(string Key, byte[] Value)>> ReadAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(connectionString);
        var database = connection.GetDatabase();
        var all = new List<(string, byte[])>();
        await foreach (var key in connection.GetServers()[0].KeysAsync(pattern: "*").WithCancellation(cancellationToken))
        {
            all.Add((key.ToString(), Encoding.UTF8.GetBytes(key.ToString())));
            all.AddRange((await ReadAsync(database, key)).Where(static value => !value.IsNull).Select(value => (key.ToString(), (byte[])value!)));
        }

        return all;
    }

    private static async Task<IEnumerable<RedisValue>> ReadAsync(IDatabase database, RedisKey key) => await database.KeyTypeAsync(key) switch
    {
        RedisType.Hash => (await database.HashGetAllAsync(key)).SelectMany(static entry => new[] { entry.Name, entry.Value }),
        RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
        RedisType.Set => await database.SetMembersAsync(key),
        RedisType.List => await database.ListRangeAsync(key),
        RedisType.String => [await database.StringGetAsync(key)],
        RedisType.None => [], // it has expired in between
        var other => throw new InvalidOperationException($"{key} is a {other}, which this test cannot read."),
    };
}
