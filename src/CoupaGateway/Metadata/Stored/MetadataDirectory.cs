using System.Collections.Frozen;
using System.Text;
using CoupaGateway.Schema.Custom;
using CoupaGateway.Snapshots.Documents;

namespace CoupaGateway.Metadata.Stored;

/// <summary>The custom metadata in force of all connections, which follows what any gateway writes.</summary>
internal sealed class MetadataDirectory : IDocumentSubscriber
{
    private volatile FrozenDictionary<string, Entry>? _all;

    public string Kind => MetadataStore.Kind;

    /// <summary>Whether the documents were read for the first time: before that, "none" means nothing.</summary>
    public bool IsLoaded => _all is not null;

    /// <summary>Raised once, when <see cref="IsLoaded"/> turns true. Handlers return at once and do not throw.</summary>
    public event Action? Loaded;

    /// <summary>Raised with the name of a connection whose metadata has changed. Handlers return at once and do not throw.</summary>
    public event Action<string>? Changed;

    public ConnectionMetadata Find(string connection) => _all is { } all && all.TryGetValue(connection, out var found) ? found.Metadata : ConnectionMetadata.None;

    /// <summary>The revision as it is kept; null when there never was one.</summary>
    public string? FindStored(string connection) => _all is { } all && all.TryGetValue(connection, out var found) ? found.Stored : null;

    public void Take(IReadOnlyDictionary<string, string> documents)
    {
        var before = _all;
        var after = documents.ToFrozenDictionary(
            static document => document.Key,
            document => before is not null && before.TryGetValue(document.Key, out var known) && known.Stored == document.Value ? known : new Entry(document.Value, Read(document.Value)),
            StringComparer.Ordinal);
        _all = after;
        if (before is null)
        {
            Loaded?.Invoke();
            return;
        }

        foreach (var name in after.Keys.Union(before.Keys).Where(name => !ReferenceEquals(before.GetValueOrDefault(name), after.GetValueOrDefault(name))))
            Changed?.Invoke(name);
    }

    /// <summary>With what a newer gateway has written, it goes on with the built-in tables.</summary>
    private static ConnectionMetadata Read(string stored) => StoredMetadata.Read(stored) is { } revision
        ? new ConnectionMetadata(revision.Revision, revision.Text, revision.Text is null ? MetadataDocument.Empty : MetadataReader.Read(Encoding.UTF8.GetBytes(revision.Text)).Document)
        : ConnectionMetadata.None;

    private sealed record Entry(string Stored, ConnectionMetadata Metadata);
}
