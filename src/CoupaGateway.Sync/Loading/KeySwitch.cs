using System.Collections.Immutable;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.State;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Sync.Loading;

/// <summary>
/// Has all tables of a connection whose tokens were made with the key before change to the new one in one commit, so that a join never meets tokens of
/// two keys.
/// </summary>
/// <remarks>
/// <code>
///   a family that is read and planned     others with the old key are not: held, its chunks kept from expiring; asks again a little later
///   the last one that is planned          commits the plans of all; the others find theirs committed when they ask again
///   a family never read before            held as well, and commits by itself once no table has the old key
///   a family without tokens               has nothing to do with it
/// </code>
/// Two that are last at once commit the same chunks under the same versions: the second finds it done.
/// </remarks>
internal sealed class KeySwitch(ISnapshotStore store, ISyncStateStore state, TimeProvider time)
{
    /// <summary>Commits what waits for this family, and the family with it, if it has tokens and the old key is still in use; else does nothing.</summary>
    /// <exception cref="HeldException">Other tables are not read with the new key yet.</exception>
    public async Task SwitchAsync(FamilyJob job, RunCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        if (checkpoint.Mode != LoadMode.Full || !Pseudonymizer.NeedsSecrets(job.Family))
            return;

        var waiting = new List<(ImmutableArray<TableSchema> Family, RunCheckpoint Run)>();
        var unread = new List<string>();
        foreach (var root in job.Schema.ApiTables().Where(root => root != job.Root.Name))
        {
            var family = job.Schema.Family(root);
            if (!await HasOldKeyAsync(job.Connection.Name, family, cancellationToken))
                continue;

            var file = new CheckpointFile(state, new TableId(job.Connection.Name, root));
            if (await file.ReadAsync(cancellationToken) is { Plan: not null } other && other.IsOf(family))
                waiting.Add((family, other));
            else
                unread.Add(root);
        }

        if (unread.Count > 0)
        {
            await KeepAsync(job, checkpoint, cancellationToken);
            throw new HeldException([.. unread]);
        }

        if (waiting.Count == 0)
            return;

        var now = time.GetUtcNow();
        ImmutableArray<TableManifest> manifests = [.. waiting.Append((job.Family, checkpoint)).SelectMany(one => one.Item2.Manifests(job.Connection.Name, one.Item1, now))];
        try
        {
            if (await store.CommitAsync(manifests, cancellationToken))
                return;
        }
        catch (ChunkMissingException lost) when (!job.Family.Any(own => own.Name == lost.Table.Table))
        {
            // Its own run notices as well, and reads it anew.
            throw new HeldException([lost.Table.Table]);
        }

        // Another one was last as well, or a table has gone on otherwise: its own run notices and reads it anew.
        var overtaken = (await store.FindOvertakenAsync(manifests, cancellationToken)).Select(static manifest => manifest.Table.Table).ToImmutableArray();
        if (overtaken.IsEmpty)
            return;
        if (overtaken.Any(table => job.Family.Any(own => own.Name == table)))
            throw new VersionChangedException(new TableId(job.Connection.Name, job.Root.Name));
        await KeepAsync(job, checkpoint, cancellationToken);
        throw new HeldException(overtaken);
    }

    private async Task<bool> HasOldKeyAsync(string connection, ImmutableArray<TableSchema> family, CancellationToken cancellationToken)
    {
        if (!Pseudonymizer.NeedsSecrets(family))
            return false;

        var manifests = await Task.WhenAll(family.Select(table => store.ReadCurrentAsync(new TableId(connection, table.Name), cancellationToken)));
        return family.Zip(manifests).Any(static table => table.Second?.Pseudonyms is { } stored && HasOldKey(table.First, stored));
    }

    private static bool HasOldKey(TableSchema table, ImmutableSortedDictionary<string, string> stored) =>
        table.Columns.Any(column => column.Pseudonym is { } mark && stored.TryGetValue(column.Name, out var signature) && mark.IsOtherKeyOf(signature));

    private async Task KeepAsync(FamilyJob job, RunCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        foreach (var manifest in checkpoint.Manifests(job.Connection.Name, job.Family, time.GetUtcNow()))
        {
            if (!await store.KeepStagedAsync(manifest.Table, manifest.Chunks, cancellationToken))
                throw new ChunkMissingException(manifest.Table, "staged", "it was lost while it waited to be committed");
        }

        await store.KeepStagedAsync(new TableId(job.Connection.Name, SystemTables.DeletedRecords.Name), checkpoint.Plan!.Deleted, cancellationToken);
    }
}
