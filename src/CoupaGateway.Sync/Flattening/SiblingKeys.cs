using CoupaGateway.Snapshots.Chunks.Writing;

namespace CoupaGateway.Sync.Flattening;

/// <summary>Tells whether an element of the array at hand has the id of one before it. The rows of an array lie side by side: a short one is scanned.</summary>
/// <param name="column">Column of the id.</param>
internal sealed class SiblingKeys(RowBuffer rows, int column)
{
    private const int RowsToScan = 16;

    private readonly HashSet<long> _keys = [];
    private int _first;
    private bool _filled;

    /// <summary>Begins an array. Its rows come next.</summary>
    public void Begin() => (_first, _filled) = (rows.Rows, false);

    /// <summary>Adds the key of the newest row; false when one before has it.</summary>
    public bool Add(int row, long key)
    {
        if (row - _first > RowsToScan)
            return AddToSet(row, key);

        for (var i = _first; i < row; i++)
        {
            if (rows.GetInt64(column, i) == key)
                return false;
        }

        return true;
    }

    private bool AddToSet(int row, long key)
    {
        if (!_filled)
        {
            _keys.Clear();
            for (var i = _first; i < row; i++)
                _keys.Add(rows.GetInt64(column, i));

            _filled = true;
        }

        return _keys.Add(key);
    }
}
