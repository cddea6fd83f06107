using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.State;

internal sealed class SyncStateStore(ICacheServer redis) : ISyncStateStore
{
    public async Task<string?> GetAsync(TableId table, string name, CancellationToken cancellationToken) =>
        await (await DatabaseAsync(cancellationToken)).StringGetAsync(RedisKeys.State(table, name));

    public async Task SetAsync(TableId table, string name, string value, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        await db.StringSetAsync(RedisKeys.State(table, name), value, ExpiryOf(lifetime));
        redis.RequestCheckpoint();
    }

    public async Task<bool> TrySetAsync(
        TableId table, string name, string? expected, string value, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        var key = RedisKeys.State(table, name);
        var transaction = db.CreateTransaction();
        transaction.AddCondition(expected is null ? Condition.KeyNotExists(key) : Condition.StringEqual(key, expected));
        _ = transaction.StringSetAsync(key, value, ExpiryOf(lifetime));
        if (!await transaction.ExecuteAsync())
            return false;
        redis.RequestCheckpoint();
        return true;
    }

    public async Task DeleteAsync(TableId table, string name, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        await db.KeyDeleteAsync(RedisKeys.State(table, name));
        redis.RequestCheckpoint();
    }

    private static Expiration ExpiryOf(TimeSpan? lifetime) => lifetime is { } value ? new Expiration(value) : Expiration.Default;

    private async ValueTask<IDatabase> DatabaseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await redis.ConnectAsync(cancellationToken)).GetDatabase();
    }
}
