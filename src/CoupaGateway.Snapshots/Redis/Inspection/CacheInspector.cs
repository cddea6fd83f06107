using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Redis.Inspection;

/// <summary>Looks whether a cache server that can be reached suits the gateway: version, memory, what its user may do.</summary>
internal sealed class CacheInspector
{
    private const string NoEviction = "noeviction";

    /// <summary>Share of the server's memory from which it counts as nearly used up.</summary>
    private const double Full = 0.9;

    /// <summary>Least memory that makes sense: some of the largest chunks.</summary>
    private const long LeastMemory = 64 << 20;

    /// <summary>The oldest Redis whose commands suffice.</summary>
    public Version OldestServer { get; init; } = new(7, 0);

    /// <summary>Everything that is wrong, the worst first; empty when nothing is.</summary>
    /// <exception cref="RedisException">The connection was lost meanwhile.</exception>
    public async Task<IReadOnlyList<CacheFinding>> InspectAsync(IConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        List<CacheFinding> findings = [];
        var servers = multiplexer.GetServers().Where(static server => server.IsConnected).ToArray();
        if (Array.TrueForAll(servers, static server => server.IsReplica))
        {
            return
            [
                new CacheFinding(
                    CacheCodes.ReadOnly, IsError: true, "The cache server is a replica and takes no writes.", "Name the primary in Cache:Redis, or all servers, or the sentinels and Cache:SentinelPrimary."),
            ];
        }

        foreach (var server in servers.Where(static server => !server.IsReplica))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (FindAge(server) is { } old)
                findings.Add(old);
            findings.AddRange(await FindMemoryAsync(server));
        }

        findings.AddRange(await FindDeniedAsync(multiplexer.GetDatabase(), multiplexer.GetSubscriber()));
        return [.. findings.DistinctBy(static finding => finding.Found).OrderByDescending(static finding => finding.IsError)];
    }

    /// <summary>A finding when the server is too old.</summary>
    public CacheFinding? FindAge(IServer server) => server.Version >= OldestServer
        ? null
        : new CacheFinding(CacheCodes.TooOld, IsError: true, $"The cache server is version {server.Version}.", $"Redis {OldestServer} or a compatible server is needed.");

    private static async Task<IEnumerable<CacheFinding>> FindMemoryAsync(IServer server)
    {
        Dictionary<string, string> values;
        try
        {
            values = (await server.InfoAsync("memory")).SelectMany(static group => group).ToDictionary(static pair => pair.Key, static pair => pair.Value);
        }
        catch (RedisServerException)
        {
            return []; // managed caches may refuse INFO
        }

        List<CacheFinding> findings = [];
        if (!long.TryParse(values.GetValueOrDefault("maxmemory"), out var most) || most == 0)
            return findings;
        if (values.GetValueOrDefault("maxmemory_policy") is { } policy && policy != NoEviction)
        {
            findings.Add(new CacheFinding(
                CacheCodes.Evicts, IsError: true,
                $"The cache server's maxmemory-policy is {policy}: it throws away parts of tables when its memory is used up.",
                $"Set maxmemory-policy to {NoEviction}."));
        }

        if (most < LeastMemory)
        {
            findings.Add(new CacheFinding(
                CacheCodes.LowOnMemory, IsError: true, $"The cache server's maxmemory is {Megabytes(most)} MB.", $"Give it at least {Megabytes(LeastMemory)} MB; docs/sizing.md tells what tables need."));
        }
        else if (long.TryParse(values.GetValueOrDefault("used_memory"), out var used) && used >= most * Full)
        {
            findings.Add(new CacheFinding(
                CacheCodes.LowOnMemory, IsError: false, $"{Megabytes(used)} of the cache server's {Megabytes(most)} MB are used.", "Raise its maxmemory, or load fewer tables."));
        }

        return findings;
    }

    private static async Task<IEnumerable<CacheFinding>> FindDeniedAsync(IDatabase db, ISubscriber subscriber)
    {
        var id = Guid.NewGuid().ToString("N");
        List<CacheFinding> findings = [];

        // Pipelined: a server in another town costs one round trip and not thirty.
        var answers = NeededCommands.All.Select(command => (command.Name, Answer: db.ExecuteAsync(command.Name, command.Arguments(id)))).ToArray();
        foreach (var (name, answer) in answers)
            await TryAsync(name, answer);

        // Sent like any other, these would mix with what others send over the one connection.
        var transaction = db.CreateTransaction();
        transaction.AddCondition(Condition.KeyNotExists(NeededCommands.Text(id)));
        _ = transaction.KeyExistsAsync(NeededCommands.Text(id));
        await TryAsync("MULTI, EXEC", transaction.ExecuteAsync());
        var channel = RedisChannel.Literal("cg:check");
        await TryAsync("SUBSCRIBE", subscriber.SubscribeAsync(channel, static (_, _) => { }));
        await TryAsync("UNSUBSCRIBE", subscriber.UnsubscribeAsync(channel));
        return findings;

        async Task TryAsync(string name, Task answer)
        {
            try
            {
                await answer;
            }
            catch (RedisServerException error) when (error.Message.Contains("NOPERM", StringComparison.Ordinal) || error.Message.Contains("without MULTI", StringComparison.Ordinal))
            {
                findings.Add(new CacheFinding(
                    CacheCodes.CommandDenied, IsError: true,
                    error.Message.Contains("key", StringComparison.Ordinal) || error.Message.Contains("channel", StringComparison.Ordinal)
                        ? $"The cache server's user may not use {name} on keys or channels that begin with cg:."
                        : $"The cache server's user may not use {name}.",
                    "Give the user the rights in docs/redis.md."));
            }
            catch (RedisServerException error) when (error.Message.StartsWith("OOM", StringComparison.Ordinal))
            {
                findings.Add(new CacheFinding(CacheCodes.LowOnMemory, IsError: true, "The cache server's memory is used up: it takes no writes.", "Raise its maxmemory, or load fewer tables."));
            }
            catch (RedisServerException error) when (error.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase))
            {
                findings.Add(new CacheFinding(CacheCodes.TooOld, IsError: true, $"The cache server has no command {name}.", "Use Redis 7 or newer, or a server that has its commands."));
            }
            catch (RedisServerException error)
            {
                // CLUSTERDOWN, MASTERDOWN, LOADING, MISCONF: it is there but does not serve. Only the word, what follows may be anything.
                findings.Add(new CacheFinding(CacheCodes.Unreachable, IsError: true, $"The cache server refuses to work: {error.Message.Split(' ')[0]}.", "Look at its log, and in a cluster at CLUSTER INFO."));
            }
        }
    }

    private static long Megabytes(long bytes) => bytes >> 20;
}
