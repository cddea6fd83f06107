using System.Runtime.InteropServices;

namespace CoupaGateway.Sync.Flattening;

/// <summary>Counts what was odd. What a page adds counts only once the page is taken as a whole.</summary>
internal sealed class FindingsTally(FlattenPlan plan)
{
    private const int Samples = 10;

    /// <summary>Keys that are kept of a column: as many as the dead-letter list can take.</summary>
    internal const int MostKeys = 1_000;

    private readonly Dictionary<(int Table, int Column), (long Count, HashSet<long> Keys)> _badValues = [];
    private readonly List<(int Table, int Column)> _record = [];
    private readonly List<(int Table, int Column, long Key)> _page = [];
    private readonly List<long> _unusable = [];
    private readonly List<long> _pageUnusable = [];
    private long _unusableCount;
    private long _duplicateRecords;
    private long _duplicateElements;
    private long _repairedTexts;
    private Counts _pending;

    public long BadValueCount { get; private set; }

    /// <summary>Notes a value that did not fit; -1 for the column stands for the element itself.</summary>
    public void AddBadValue(int table, int column) => _record.Add((table, column));

    public void AddRepairedText() => _pending.RepairedTexts++;

    public void AddDuplicateElement() => _pending.DuplicateElements++;

    /// <summary>Ends a record that was kept.</summary>
    public void EndRecord(long key)
    {
        foreach (var (table, column) in _record)
            _page.Add((table, column, key));

        _record.Clear();
    }

    /// <summary>Ends a record that was read before.</summary>
    public void EndDuplicateRecord()
    {
        _record.Clear();
        _pending.DuplicateRecords++;
    }

    /// <summary>Ends a record that cannot be stored.</summary>
    public void EndUnusableRecord(long position)
    {
        _record.Clear();
        _pageUnusable.Add(position);
    }

    public void EndPage()
    {
        foreach (var (table, column, key) in _page)
        {
            if (!_badValues.TryGetValue((table, column), out var known))
                known = (0, []);

            if (known.Keys.Count < MostKeys)
                known.Keys.Add(key);

            _badValues[(table, column)] = (known.Count + 1, known.Keys);
        }

        BadValueCount += _page.Count;
        _unusableCount += _pageUnusable.Count;
        _unusable.AddRange(_pageUnusable.Take(Samples - _unusable.Count));
        _duplicateRecords += _pending.DuplicateRecords;
        _duplicateElements += _pending.DuplicateElements;
        _repairedTexts += _pending.RepairedTexts;
        DropPage();
    }

    public void DropPage()
    {
        _record.Clear();
        _page.Clear();
        _pageUnusable.Clear();
        _pending = default;
    }

    public FlattenFindings ToFindings() => new()
    {
        BadValues = [.. _badValues.OrderBy(static entry => entry.Key).Select(entry => ToBadValues(entry.Key, entry.Value.Count, entry.Value.Keys))],
        UnusableRecords = _unusableCount,
        UnusablePositions = [.. _unusable],
        DuplicateRecords = _duplicateRecords,
        DuplicateElements = _duplicateElements,
        RepairedTexts = _repairedTexts,
    };

    private BadValues ToBadValues((int Table, int Column) target, long count, HashSet<long> keys)
    {
        var table = plan.Tables[target.Table].Schema;
        return new BadValues(table.Name, target.Column < 0 ? null : table.Columns[target.Column].Name, count, [.. keys]);
    }

    [StructLayout(LayoutKind.Auto)]
    private record struct Counts(long DuplicateRecords, long DuplicateElements, long RepairedTexts);
}
