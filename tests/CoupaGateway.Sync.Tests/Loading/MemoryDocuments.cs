using System.Collections.Concurrent;
using CoupaGateway.Snapshots.State;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>A document store in memory, with the contract of the real one.</summary>
internal sealed class MemoryDocuments : IDocumentStore
{
    private readonly ConcurrentDictionary<(string Connection, string Collection), ConcurrentDictionary<string, string>> _collections = [];

    public IReadOnlyCollection<string> Collections => [.. _collections.Where(static collection => !collection.Value.IsEmpty).Select(static collection => collection.Key.Collection)];

    public Task<IReadOnlyDictionary<string, string>> ListAsync(string connection, string collection, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(Of(connection, collection).ToDictionary());

    public Task<string?> FindAsync(string connection, string collection, string name, CancellationToken cancellationToken) =>
        Task.FromResult(Of(connection, collection).GetValueOrDefault(name));

    public Task SetAsync(string connection, string collection, string name, string document, CancellationToken cancellationToken)
    {
        Of(connection, collection)[name] = document;
        return Task.CompletedTask;
    }

    public Task<bool> TrySetAsync(string connection, string collection, string name, string? expected, string? document, CancellationToken cancellationToken)
    {
        var documents = Of(connection, collection);
        return Task.FromResult((expected, document) switch
        {
            (null, null) => !documents.ContainsKey(name),
            (null, _) => documents.TryAdd(name, document),
            (_, null) => documents.TryRemove(KeyValuePair.Create(name, expected)),
            _ => documents.TryUpdate(name, document, expected),
        });
    }

    public Task DeleteAsync(string connection, string collection, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
            Of(connection, collection).TryRemove(name, out _);

        return Task.CompletedTask;
    }

    public Task DropAsync(string connection, string collection, CancellationToken cancellationToken)
    {
        _collections.TryRemove((connection, collection), out _);
        return Task.CompletedTask;
    }

    private ConcurrentDictionary<string, string> Of(string connection, string collection) => _collections.GetOrAdd((connection, collection), static _ => []);
}
