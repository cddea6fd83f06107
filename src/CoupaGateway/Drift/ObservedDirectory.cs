using System.Collections.Immutable;
using CoupaGateway.Connections.Stored;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Sync.Observing;

namespace CoupaGateway.Drift;

/// <summary>
/// What all connections' schemas need of the keys that were observed. Counts and times change with every run; what is handed out stays the same object until a column would
/// become different.
/// </summary>
internal sealed class ObservedDirectory() : DocumentDirectory<ObservedKeys>(ObservedKeys.None)
{
    public override string Kind => ObservedStore.Kind;

    protected override ObservedKeys Read(ObservedKeys? known, string text)
    {
        var keys = ObservedStore.Read(text);
        return known is not null && Shape(known).SetEquals(Shape(keys)) ? known : keys;
    }

    private static ImmutableHashSet<(string Table, string Path, ColumnType? Type)> Shape(ObservedKeys keys) =>
        [.. keys.Keys.Select(static key => (key.Table, string.Join('\n', key.Path), key.Type))];
}
