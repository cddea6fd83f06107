using CoupaGateway.Snapshots.Redis;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Documents;

internal sealed class SharedDocumentStore(ICacheServer redis) : ISharedDocumentStore
{
    public async Task<DocumentSet> ReadAsync(string kind, CancellationToken cancellationToken)
    {
        // The revision first: a write in between is then read twice and not missed.
        var db = await DatabaseAsync(cancellationToken);
        string? revision = await db.StringGetAsync(RedisKeys.SharedDocumentRevision(kind));
        var documents = await db.HashGetAllAsync(RedisKeys.SharedDocuments(kind));
        return new(revision, documents.ToDictionary(static entry => entry.Name.ToString(), static entry => entry.Value.ToString(), StringComparer.Ordinal));
    }

    public async Task<string?> ReadOneAsync(string kind, string id, CancellationToken cancellationToken) =>
        await (await DatabaseAsync(cancellationToken)).HashGetAsync(RedisKeys.SharedDocuments(kind), id);

    public async Task<string?> ReadRevisionAsync(string kind, CancellationToken cancellationToken) =>
        await (await DatabaseAsync(cancellationToken)).StringGetAsync(RedisKeys.SharedDocumentRevision(kind));

    public async Task<bool> TryWriteAsync(string kind, string id, string? expected, string? value, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        var key = RedisKeys.SharedDocuments(kind);
        var transaction = db.CreateTransaction();
        transaction.AddCondition(expected is null ? Condition.HashNotExists(key, id) : Condition.HashEqual(key, id, expected));
        _ = value is null ? (Task)transaction.HashDeleteAsync(key, id) : transaction.HashSetAsync(key, id, value);

        // Not a counter: one that begins anew after Redis lost its data could come to a number that was seen before.
        _ = transaction.StringSetAsync(RedisKeys.SharedDocumentRevision(kind), Guid.NewGuid().ToString("N"));
        if (!await transaction.ExecuteAsync())
            return false;

        redis.RequestCheckpoint();
        await db.PublishAsync(RedisKeys.DocumentChanges, kind);
        return true;
    }

    private async ValueTask<IDatabase> DatabaseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await redis.ConnectAsync(cancellationToken)).GetDatabase();
    }
}
