using System.Collections.Frozen;
using CoupaGateway.Snapshots.Documents;

namespace CoupaGateway.Connections.Stored;

/// <summary>Documents of one kind, of which each connection has one at most: what is in force, by what any gateway writes.</summary>
/// <param name="none">What counts for a connection without a document.</param>
internal abstract class DocumentDirectory<T>(T none) : IDocumentSubscriber
    where T : class
{
    private volatile FrozenDictionary<string, Entry>? _all;

    public abstract string Kind { get; }

    /// <summary>Whether the documents were read for the first time: before that, "none" means nothing.</summary>
    public bool IsLoaded => _all is not null;

    /// <summary>Raised once, when <see cref="IsLoaded"/> turns true. Handlers return at once and do not throw.</summary>
    public event Action? Loaded;

    /// <summary>Raised with the name of a connection whose document has become another one. Handlers return at once and do not throw.</summary>
    public event Action<string>? Changed;

    /// <summary>The same object until it has become another one.</summary>
    public T Find(string connection) => FindEntry(connection)?.Value ?? none;

    public void Take(IReadOnlyDictionary<string, string> documents)
    {
        var before = _all;
        var after = documents.ToFrozenDictionary(static document => document.Key, document => Read(before?.GetValueOrDefault(document.Key), document.Value), StringComparer.Ordinal);
        _all = after;
        if (before is null)
        {
            Loaded?.Invoke();
            return;
        }

        foreach (var name in after.Keys.Union(before.Keys).Where(name => !ReferenceEquals(before.GetValueOrDefault(name)?.Value, after.GetValueOrDefault(name)?.Value)))
            Changed?.Invoke(name);
    }

    /// <summary>The document as it is kept; null when there never was one.</summary>
    protected string? FindText(string connection) => FindEntry(connection)?.Text;

    /// <summary>Reads a document whose text is another one.</summary>
    /// <param name="known">What was read of it before; null for nothing.</param>
    /// <returns><paramref name="known"/> itself where nothing is different that anybody asks for.</returns>
    protected abstract T Read(T? known, string text);

    private Entry? FindEntry(string connection) => _all?.GetValueOrDefault(connection);

    private Entry Read(Entry? known, string text) => known?.Text == text ? known : new Entry(text, Read(known?.Value, text));

    private sealed record Entry(string Text, T Value);
}
