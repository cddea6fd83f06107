using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.State;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Sync.Loading;

/// <summary>The checkpoint of one family. A worker whose lease another one has taken over notices here at the latest: it does not write over the other's.</summary>
/// <param name="ids">What stands for ids at rest, where they are pseudonymized; null where they are kept as they are.</param>
internal sealed class CheckpointFile(ISyncStateStore state, TableId table, IdPermutation? ids = null)
{
    private const string Name = "checkpoint";

    // Longer than any chunk waits for its commit.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private string? _stored;

    public async Task<RunCheckpoint?> ReadAsync(CancellationToken cancellationToken)
    {
        _stored = await state.GetAsync(table, Name, cancellationToken);
        var found = _stored is null ? null : CheckpointJson.Read(_stored);
        return ids is null ? found : found?.WithIds(ids.Invert);
    }

    /// <exception cref="CommitConflictException">Another worker has gone on with the family.</exception>
    public async Task WriteAsync(RunCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var json = CheckpointJson.Write(ids is null ? checkpoint : checkpoint.WithIds(ids.Permute));
        if (json == _stored)
            return;

        if (!await state.TrySetAsync(table, Name, _stored, json, Lifetime, cancellationToken))
            throw new CommitConflictException(table);

        _stored = json;
    }

    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        await state.DeleteAsync(table, Name, cancellationToken);
        _stored = null;
    }
}
