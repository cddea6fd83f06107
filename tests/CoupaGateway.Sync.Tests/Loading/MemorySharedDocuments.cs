using System.Collections.Concurrent;
using CoupaGateway.Snapshots.Documents;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>Shared documents in memory, with the compare-and-set that the real ones have.</summary>
internal sealed class MemorySharedDocuments : ISharedDocumentStore, IDocumentFollower
{
    private readonly ConcurrentDictionary<(string Kind, string Id), string> _documents = [];

    /// <summary>Called by <see cref="RefreshAsync"/>: who follows the documents.</summary>
    public Action? Refreshed { get; set; }

    public Task<DocumentSet> ReadAsync(string kind, CancellationToken cancellationToken) => Task.FromResult(new DocumentSet(
        null, _documents.Where(document => document.Key.Kind == kind).ToDictionary(static document => document.Key.Id, static document => document.Value)));

    public Task<string?> ReadOneAsync(string kind, string id, CancellationToken cancellationToken) => Task.FromResult(_documents.GetValueOrDefault((kind, id)));

    public Task<string?> ReadRevisionAsync(string kind, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<bool> TryWriteAsync(string kind, string id, string? expected, string? value, CancellationToken cancellationToken) => Task.FromResult((expected, value) switch
    {
        (null, null) => !_documents.ContainsKey((kind, id)),
        (null, _) => _documents.TryAdd((kind, id), value),
        (_, null) => _documents.TryRemove(new((kind, id), expected)),
        _ => _documents.TryUpdate((kind, id), value, expected),
    });

    public Task RefreshAsync(CancellationToken cancellationToken)
    {
        Refreshed?.Invoke();
        return Task.CompletedTask;
    }

    public Task WaitUntilLoadedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
