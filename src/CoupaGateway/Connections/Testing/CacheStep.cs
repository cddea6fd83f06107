using System.Globalization;
using CoupaGateway.Coupa.Testing;
using CoupaGateway.Snapshots.Redis;
using StackExchange.Redis;

namespace CoupaGateway.Connections.Testing;

/// <summary>The cache can be written and has room.</summary>
internal sealed class CacheStep(ICacheServer cache) : IConnectionTestStep
{
    /// <summary>Share of the server's memory from which it counts as nearly used up.</summary>
    private const double Full = 0.9;

    public string Name => "cache";

    public int Order => 110;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await LookAsync(cancellationToken);
    }

    private async Task<TestFinding> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var multiplexer = await cache.ConnectAsync(cancellationToken);
            var ping = await multiplexer.GetDatabase().PingAsync();
            var servers = multiplexer.GetServers().Where(static server => server is { IsConnected: true, IsReplica: false }).ToArray();
            foreach (var server in servers)
            {
                if (await ReadMemoryAsync(server) is (var used, var most) && used >= most * Full)
                    return new TestFinding(TestState.Warning, TestCodes.CacheLowOnSpace, $"{used / (1 << 20)} of {most / (1 << 20)} MB are used.");
            }

            return TestFinding.Ok(string.Create(CultureInfo.InvariantCulture, $"The cache answers in {ping.TotalMilliseconds:0.0} ms and has room."));
        }
        catch (Exception error) when (error is RedisException or TimeoutException or CacheUnavailableException)
        {
            return TestFinding.Stop(TestCodes.CacheUnavailable, "The cache does not answer.");
        }
    }

    /// <returns>Bytes used and allowed; null for a server that has no limit, or does not tell.</returns>
    private static async Task<(long Used, long Most)?> ReadMemoryAsync(IServer server)
    {
        try
        {
            var values = (await server.InfoAsync("memory")).SelectMany(static group => group).ToDictionary(static pair => pair.Key, static pair => pair.Value);
            return long.TryParse(values.GetValueOrDefault("used_memory"), out var used) && long.TryParse(values.GetValueOrDefault("maxmemory"), out var most) && most > 0
                ? (used, most)
                : null;
        }
        catch (RedisException)
        {
            return null; // managed caches may refuse INFO
        }
    }
}
