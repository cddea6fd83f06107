namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>The order of a buffer's rows by the table's key, and where a chunk may end.</summary>
internal sealed class RowOrder
{
    private readonly RowBuffer _rows;
    private readonly int[] _keys;

    public RowOrder(RowBuffer rows)
    {
        _rows = rows;
        var columns = rows.Table.Columns;
        _keys = [.. Enumerable.Range(0, columns.Length).Where(i => columns[i].IsKey)];
        if (_keys.Length == 0)
            throw new ArgumentException($"Table {rows.Table.Name} has no key.", nameof(rows));

        for (var row = 1; row < rows.Rows; row++)
        {
            if (Compare(row - 1, row) > 0)
            {
                Permutation = Sorted();
                break;
            }
        }
    }

    /// <summary>Row index by place; null when the rows lie in order already, which is the rule.</summary>
    public int[]? Permutation { get; }

    /// <summary>First key column of the row at that place.</summary>
    public long RootKeyAt(int place) => _rows.GetInt64(_keys[0], Permutation is null ? place : Permutation[place]);

    /// <summary>
    /// Cuts the rows into as few, equally long ranges of about <paramref name="rowsPerRange"/> as possible. Rows with one root key stay together.
    /// </summary>
    public IEnumerable<Range> Cut(int rowsPerRange)
    {
        var ranges = Math.Max(1, (int)Math.Round(_rows.Rows / (double)rowsPerRange, MidpointRounding.AwayFromZero));
        var start = 0;
        for (var i = 1; i <= ranges && start < _rows.Rows; i++)
        {
            var end = Math.Max(start + 1, (int)((long)_rows.Rows * i / ranges));
            while (end < _rows.Rows && RootKeyAt(end) == RootKeyAt(end - 1))
                end++;

            yield return start..end;
            start = end;
        }
    }

    private int[] Sorted()
    {
        var order = new int[_rows.Rows];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;

        Array.Sort(order, Comparer<int>.Create((left, right) =>
        {
            var byKey = Compare(left, right);
            return byKey != 0 ? byKey : left.CompareTo(right);
        }));
        return order;
    }

    private int Compare(int left, int right)
    {
        foreach (var key in _keys)
        {
            var order = _rows.GetInt64(key, left).CompareTo(_rows.GetInt64(key, right));
            if (order != 0)
                return order;
        }

        return 0;
    }
}
