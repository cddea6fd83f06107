using System.Collections.Immutable;
using CoupaGateway.Schema.Observed;

namespace CoupaGateway.Sync.Observing;

/// <summary>
/// Notes the keys of records that no column takes, while the records are read. A key is looked up once and then remembered by whoever reads the object it is in, so that it
/// costs little more than to skip it. Bounded in keys; not safe for several threads at once.
/// </summary>
internal sealed class KeyObserver
{
    /// <summary>Keys that are followed below a table's element: <c>custom-fields.project.name</c> has three.</summary>
    public const int Deepest = 3;

    public const int MostOfTable = ObservedKeys.MostOfTable;

    private const int LongestKey = 128;

    /// <summary>Paths whose answer is remembered; beyond, those that are no news are looked up each time.</summary>
    private const int MostRemembered = 100_000;

    private readonly Dictionary<(string Table, string Path), ObservedValue?> _values = [];
    private readonly Dictionary<string, int> _ofTable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _elements = new(StringComparer.Ordinal);
    private long _overflow;

    /// <summary>Where to note what is at a path; null for what the catalogue knows, and for what is too much.</summary>
    /// <param name="path">Keys from the table's element down, with hyphens written as underscores.</param>
    public ObservedValue? Find(string table, string[] path)
    {
        var place = (table, string.Join('\n', path));
        if (_values.TryGetValue(place, out var known))
            return known;

        // The catalogue's own keys are few, and none of those that count.
        if (!ObservedColumns.IsNews(table, path))
            return _values.Count < MostRemembered ? _values[place] = null : null;

        if (path.Any(static key => key.Length is 0 or > LongestKey || key.Any(char.IsControl)) || _ofTable.GetValueOrDefault(table) >= MostOfTable)
        {
            _overflow++;
            return null;
        }

        _ofTable[table] = _ofTable.GetValueOrDefault(table) + 1;
        return _values[place] = new ObservedValue(this, table, path);
    }

    public void AddElements(string table, long count) => _elements[table] = _elements.GetValueOrDefault(table) + count;

    public RunObservations ToObservations() => new(
        [
            .. _values.Values.OfType<ObservedValue>().Where(static value => !IsOpen(value.Path))
                .Select(static value => new Observation(value.Table, [.. value.Path], value.Kinds, value.Count)),
        ],
        _overflow,
        _elements.ToImmutableDictionary(StringComparer.Ordinal));

    /// <summary>The object that the customer's own fields are in is no news, but they are.</summary>
    private static bool IsOpen(string[] path) => path is [ObservedKey.CustomFields];
}
