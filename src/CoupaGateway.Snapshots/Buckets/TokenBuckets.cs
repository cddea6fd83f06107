using System.Globalization;
using CoupaGateway.Snapshots.Redis;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Buckets;

/// <summary>Buckets as small texts, changed by compare-and-set: whoever comes second looks again.</summary>
internal sealed class TokenBuckets(ICacheServer redis) : ITokenBuckets
{
    // Long enough for any pause; an idle bucket is full again in seconds.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public async Task<BucketAnswer> TakeAsync(string name, BucketLimits limits, int wanted, CancellationToken cancellationToken)
    {
        BucketAnswer? answer = null;
        await ChangeAsync(name, limits, state =>
        {
            (state, answer) = state.Take(wanted);
            return state;
        }, cancellationToken);
        return answer!;
    }

    public Task SlowDownAsync(string name, BucketLimits limits, TimeSpan? pause, CancellationToken cancellationToken) =>
        ChangeAsync(name, limits, state => state.SlowDown(pause), cancellationToken);

    private async Task ChangeAsync(string name, BucketLimits limits, Func<BucketState, BucketState> change, CancellationToken cancellationToken)
    {
        var key = RedisKeys.Bucket(name);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var db = (await redis.ConnectAsync(cancellationToken)).GetDatabase();
            var reading = db.StringGetAsync(key);
            var now = await TellTimeAsync(db, key);
            var known = await reading;
            var state = (BucketState.Read(known) ?? BucketState.New(limits, now)).Fill(limits, now);
            var transaction = db.CreateTransaction();
            transaction.AddCondition(known.IsNull ? Condition.KeyNotExists(key) : Condition.StringEqual(key, known));
            _ = transaction.StringSetAsync(key, change(state).ToString(), Lifetime);
            if (await transaction.ExecuteAsync())
                return;
        }
    }

    /// <summary>By the clock of the server that has the bucket: those of a cluster's nodes differ.</summary>
    private static async Task<DateTimeOffset> TellTimeAsync(IDatabase db, RedisKey key)
    {
        var multiplexer = db.Multiplexer;
        if (multiplexer.GetServers().All(static server => server.ServerType != ServerType.Cluster))
            return Instant(await db.ExecuteAsync("TIME"));

        var node = await db.IdentifyEndpointAsync(key) ?? throw new TimeoutException("No node of the cluster has the bucket just now.");
        return Instant(await multiplexer.GetServer(node).ExecuteAsync("TIME"));
    }

    private static DateTimeOffset Instant(RedisResult time)
    {
        var parts = (string[])time!;
        return DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0], CultureInfo.InvariantCulture)).AddMicroseconds(long.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
