using System.Text.Json;
using CoupaGateway.Access;
using CoupaGateway.Metadata.Stored;
using CoupaGateway.Protection;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Documents;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Sync;
using CoupaGateway.Sync.Runs;

namespace CoupaGateway.Connections.Stored;

/// <summary>Writes connections. What it changes is in force here when it returns, and on the other gateways within a second. A connection that moves to another host begins anew.</summary>
internal sealed class ConnectionStore(
    ISharedDocumentStore documents, IDocumentFollower follower, SecretProtector protector, ISnapshotStore snapshots, ISyncRuns runs,
    MetadataStore metadata, ISchemaProvider schemas, TimeProvider time)
{
    private const string Paused = "{}";

    /// <returns>False when there is one of this name.</returns>
    public async Task<bool> TryAddAsync(ConnectionInput input, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var text = Write(new StoredConnection(ConnectionMapping.ToSettings(input), protector.Protect(input.Name!, input.ClientSecret!), now, now));
        var isWritten = await documents.TryWriteAsync(ConnectionDocuments.Connections, input.Name!, expected: null, text, cancellationToken);
        await follower.RefreshAsync(cancellationToken);
        return isWritten;
    }

    /// <param name="entry">The connection as the caller knows it.</param>
    /// <param name="input">What it becomes; without a secret it keeps its own.</param>
    /// <returns>False when it has been changed since.</returns>
    public async Task<bool> TryReplaceAsync(ConnectionEntry entry, ConnectionInput input, CancellationToken cancellationToken)
    {
        var known = JsonSerializer.Deserialize<StoredConnection>(entry.Text, AccessDocuments.Json)!;
        var secret = input.ClientSecret is { } entered ? protector.Protect(entry.Name, entered) : known.Secret;
        var text = Write(new StoredConnection(ConnectionMapping.ToSettings(input), secret, known.CreatedAt, time.GetUtcNow()));
        var tables = ApiTables(entry);
        var isWritten = await documents.TryWriteAsync(ConnectionDocuments.Connections, entry.Name, entry.Text, text, cancellationToken);
        await follower.RefreshAsync(isWritten ? CancellationToken.None : cancellationToken);

        // Changes of one tenant must never be merged into the rows of another.
        if (isWritten && ConnectionSettings.HostOf(input.Instance) != ConnectionSettings.HostOf(entry.Settings.Instance))
            await DropTablesAsync(entry, tables);
        return isWritten;
    }

    /// <summary>Removes a connection with its tables. First nobody writes to them any more.</summary>
    /// <returns>False when it has been changed since.</returns>
    public async Task<bool> TryRemoveAsync(ConnectionEntry entry, CancellationToken cancellationToken)
    {
        var tables = ApiTables(entry);
        if (!await documents.TryWriteAsync(ConnectionDocuments.Connections, entry.Name, entry.Text, value: null, cancellationToken))
        {
            await follower.RefreshAsync(cancellationToken);
            return false;
        }

        // The rest is not left half done because the caller gives up.
        await follower.RefreshAsync(CancellationToken.None);
        await DropTablesAsync(entry, tables);
        await metadata.ForgetAsync(entry.Name);
        await SetPausedAsync(entry.Name, isPaused: false, CancellationToken.None);
        if ((await documents.ReadAsync(ConnectionDocuments.Tests, CancellationToken.None)).Documents.TryGetValue(entry.Name, out var test))
            await documents.TryWriteAsync(ConnectionDocuments.Tests, entry.Name, test, value: null, CancellationToken.None);
        return true;
    }

    private IReadOnlyCollection<string> ApiTables(ConnectionEntry entry) => schemas.Find(entry.Name)?.ApiTables() ?? [];

    private async Task DropTablesAsync(ConnectionEntry entry, IReadOnlyCollection<string> apiTables)
    {
        await runs.ForgetAsync(entry.Name, apiTables, CancellationToken.None);
        foreach (var manifest in await snapshots.ListAsync(entry.Name, CancellationToken.None))
            await snapshots.DropAsync(manifest.Table, CancellationToken.None);
    }

    public async Task SetPausedAsync(string name, bool isPaused, CancellationToken cancellationToken)
    {
        // Not written means that it is so already.
        await documents.TryWriteAsync(ConnectionDocuments.Pauses, name, isPaused ? null : Paused, isPaused ? Paused : null, cancellationToken);
        await follower.RefreshAsync(cancellationToken);
    }

    private static string Write(StoredConnection connection) => JsonSerializer.Serialize(connection, AccessDocuments.Json);
}
