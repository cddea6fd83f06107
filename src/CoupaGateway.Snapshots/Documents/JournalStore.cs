using CoupaGateway.Snapshots.Redis;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Documents;

/// <summary>A sorted set by milliseconds since 1970. Entries must differ: the caller puts a number or an id into them.</summary>
internal sealed class JournalStore(ICacheServer redis) : IJournalStore
{
    public async Task AppendAsync(string journal, DateTimeOffset at, string entry, int most, DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        var key = RedisKeys.Journal(journal);
        await db.SortedSetAddAsync(key, entry, at.ToUnixTimeMilliseconds());
        await db.SortedSetRemoveRangeByRankAsync(key, 0, -most - 1);
        await db.SortedSetRemoveRangeByScoreAsync(key, double.NegativeInfinity, oldest.ToUnixTimeMilliseconds());
        redis.RequestCheckpoint();
    }

    public async Task<IReadOnlyList<string>> ReadAsync(string journal, DateTimeOffset? before, int count, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        var entries = await db.SortedSetRangeByScoreAsync(
            RedisKeys.Journal(journal),
            stop: before?.ToUnixTimeMilliseconds() ?? double.PositiveInfinity,
            exclude: before is null ? Exclude.None : Exclude.Stop,
            order: Order.Descending,
            take: count);
        return [.. entries.Select(static entry => entry.ToString())];
    }

    public async Task DeleteAsync(string journal, CancellationToken cancellationToken)
    {
        await (await DatabaseAsync(cancellationToken)).KeyDeleteAsync(RedisKeys.Journal(journal));
        redis.RequestCheckpoint();
    }

    private async ValueTask<IDatabase> DatabaseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await redis.ConnectAsync(cancellationToken)).GetDatabase();
    }
}
