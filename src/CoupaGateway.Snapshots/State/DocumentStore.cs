using CoupaGateway.Snapshots.Redis;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.State;

/// <summary>A hash for each collection.</summary>
internal sealed class DocumentStore(ICacheServer redis) : IDocumentStore
{
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(string connection, string collection, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        return (await db.HashGetAllAsync(RedisKeys.Documents(connection, collection)))
            .ToDictionary(static entry => entry.Name.ToString(), static entry => entry.Value.ToString(), StringComparer.Ordinal);
    }

    public async Task<string?> FindAsync(string connection, string collection, string name, CancellationToken cancellationToken) =>
        await (await DatabaseAsync(cancellationToken)).HashGetAsync(RedisKeys.Documents(connection, collection), name);

    public async Task SetAsync(string connection, string collection, string name, string document, CancellationToken cancellationToken)
    {
        await (await DatabaseAsync(cancellationToken)).HashSetAsync(RedisKeys.Documents(connection, collection), name, document);
        redis.RequestCheckpoint();
    }

    public async Task<bool> TrySetAsync(
        string connection, string collection, string name, string? expected, string? document, CancellationToken cancellationToken)
    {
        var key = RedisKeys.Documents(connection, collection);
        var transaction = (await DatabaseAsync(cancellationToken)).CreateTransaction();
        transaction.AddCondition(expected is null ? Condition.HashNotExists(key, name) : Condition.HashEqual(key, name, expected));
        _ = document is null ? transaction.HashDeleteAsync(key, name) : transaction.HashSetAsync(key, name, document);
        if (!await transaction.ExecuteAsync())
            return false;

        redis.RequestCheckpoint();
        return true;
    }

    public async Task DeleteAsync(string connection, string collection, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
            return;

        await (await DatabaseAsync(cancellationToken)).HashDeleteAsync(RedisKeys.Documents(connection, collection), [.. names.Select(static name => (RedisValue)name)]);
        redis.RequestCheckpoint();
    }

    public async Task DropAsync(string connection, string collection, CancellationToken cancellationToken)
    {
        await (await DatabaseAsync(cancellationToken)).KeyDeleteAsync(RedisKeys.Documents(connection, collection));
        redis.RequestCheckpoint();
    }

    private async ValueTask<IDatabase> DatabaseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await redis.ConnectAsync(cancellationToken)).GetDatabase();
    }
}
