using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.State;

namespace CoupaGateway.Sync.Loading;

/// <summary>The checkpoint of one family. A worker whose lease another one has taken over notices here at the latest: it does not write over the other's.</summary>
internal sealed class CheckpointFile(ISyncStateStore state, TableId table)
{
    private const string Name = "checkpoint";

    // Longer than any chunk waits for its commit.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private string? _stored;

    public async Task<RunCheckpoint?> ReadAsync(CancellationToken cancellationToken)
    {
        _stored = await state.GetAsync(table, Name, cancellationToken);
        return _stored is null ? null : CheckpointJson.Read(_stored);
    }

    /// <exception cref="CommitConflictException">Another worker has gone on with the family.</exception>
    public async Task WriteAsync(RunCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var json = CheckpointJson.Write(checkpoint);
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
