using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Leases;

/// <summary>Leases as keys with a time to live. Renewing sets the key anew, because of Garnet's EXPIRE (docs/decisions/0001-embedded-garnet.md).</summary>
internal sealed class LeaseStore(ICacheServer redis) : ILeaseStore
{
    public async Task<bool> TryAcquireAsync(TableId table, string owner, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        return await db.StringSetAsync(RedisKeys.Lease(table), owner, lifetime, When.NotExists);
    }

    public async Task<bool> RenewAsync(TableId table, string owner, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var transaction = await IfOwnedAsync(table, owner, cancellationToken);
        _ = transaction.StringSetAsync(RedisKeys.Lease(table), owner, lifetime);
        return await transaction.ExecuteAsync();
    }

    public async Task ReleaseAsync(TableId table, string owner, CancellationToken cancellationToken)
    {
        var transaction = await IfOwnedAsync(table, owner, cancellationToken);
        _ = transaction.KeyDeleteAsync(RedisKeys.Lease(table));
        await transaction.ExecuteAsync();
    }

    private async Task<ITransaction> IfOwnedAsync(TableId table, string owner, CancellationToken cancellationToken)
    {
        var transaction = (await DatabaseAsync(cancellationToken)).CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(RedisKeys.Lease(table), owner));
        return transaction;
    }

    private async ValueTask<IDatabase> DatabaseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await redis.ConnectAsync(cancellationToken)).GetDatabase();
    }
}
