using System.Collections.Frozen;
using System.Collections.Immutable;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Snapshots.Documents;
using CoupaGateway.Sync.Observing;

namespace CoupaGateway.Drift;

/// <summary>
/// What all connections' schemas need of the keys that were observed. Counts and times change with every run; what is handed out stays the same object until a column would
/// become different.
/// </summary>
internal sealed class ObservedDirectory : IDocumentSubscriber
{
    private volatile FrozenDictionary<string, Entry>? _all;

    public string Kind => ObservedStore.Kind;

    /// <summary>Whether the documents were read for the first time: before that, "none" means nothing.</summary>
    public bool IsLoaded => _all is not null;

    /// <summary>Raised once, when <see cref="IsLoaded"/> turns true. Handlers return at once and do not throw.</summary>
    public event Action? Loaded;

    /// <summary>Raised with the name of a connection whose columns would become different. Handlers return at once and do not throw.</summary>
    public event Action<string>? Changed;

    public ObservedKeys Find(string connection) => _all is { } all && all.TryGetValue(connection, out var found) ? found.Keys : ObservedKeys.None;

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

        foreach (var name in after.Keys.Union(before.Keys).Where(name => !ReferenceEquals(before.GetValueOrDefault(name)?.Keys, after.GetValueOrDefault(name)?.Keys)))
            Changed?.Invoke(name);
    }

    private static Entry Read(Entry? known, string text)
    {
        if (known?.Text == text)
            return known;

        var keys = ObservedStore.Read(text);
        return known is not null && Shape(known.Keys).SetEquals(Shape(keys)) ? known with { Text = text } : new Entry(text, keys);
    }

    private static ImmutableHashSet<(string Table, string Path, ColumnType? Type)> Shape(ObservedKeys keys) =>
        [.. keys.Keys.Select(static key => (key.Table, string.Join('\n', key.Path), key.Type))];

    private sealed record Entry(string Text, ObservedKeys Keys);
}
