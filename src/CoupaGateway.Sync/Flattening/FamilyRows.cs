using CoupaGateway.Snapshots.Chunks.Writing;

namespace CoupaGateway.Sync.Flattening;

/// <summary>The rows of a family's tables, and what is needed to take back the newest: of a page, of a record, of a nested element.</summary>
internal sealed class FamilyRows : IDisposable
{
    private readonly FlattenPlan _plan;
    private readonly RowBuffer[] _rows;
    private readonly int[] _pageStarts;

    // By table: where the rows below its newest row begin, in the order of TablePlan.Below.
    private readonly int[][] _starts;

    /// <param name="changedAt">What every row gets as <c>_changed_at</c>.</param>
    public FamilyRows(FlattenPlan plan, DateTimeOffset changedAt)
    {
        _plan = plan;
        _rows = [.. plan.Tables.Select(static table => new RowBuffer(table.Schema))];
        _starts = [.. plan.Tables.Select(static table => new int[table.Below.Length])];
        _pageStarts = new int[_rows.Length];
        var instant = (changedAt.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        foreach (var table in plan.Tables)
        {
            if (table.ChangedAtColumn >= 0)
                _rows[table.Index].SetConstant(table.ChangedAtColumn, instant);

            if (table is { IsApiTable: true, PositionColumn: >= 0 })
                _rows[table.Index].SetConstant(table.PositionColumn, 0);
        }
    }

    public IReadOnlyList<RowBuffer> All => _rows;

    public RowBuffer this[int table] => _rows[table];

    public void BeginPage()
    {
        for (var i = 0; i < _rows.Length; i++)
            _pageStarts[i] = _rows[i].Rows;
    }

    /// <summary>Takes back all rows of the page.</summary>
    public void DropPage()
    {
        for (var i = 0; i < _rows.Length; i++)
            _rows[i].Truncate(_pageStarts[i]);
    }

    /// <summary>Adds a row and returns its index.</summary>
    public int Begin(TablePlan table)
    {
        var starts = _starts[table.Index];
        for (var i = 0; i < starts.Length; i++)
            starts[i] = _rows[table.Below[i].Table].Rows;

        return _rows[table.Index].AddRow();
    }

    /// <summary>Takes back the newest row of a table, with everything below it.</summary>
    public void Drop(TablePlan table, int row)
    {
        _rows[table.Index].Truncate(row);
        var starts = _starts[table.Index];
        for (var i = 0; i < starts.Length; i++)
            _rows[table.Below[i].Table].Truncate(starts[i]);
    }

    /// <summary>Writes the key of a finished row into the rows below it. A key may follow the nested elements, so this comes last.</summary>
    public void RepeatKey(TablePlan table, long key)
    {
        var starts = _starts[table.Index];
        for (var i = 0; i < starts.Length; i++)
        {
            var (below, column) = table.Below[i];
            if (column < 0)
                continue;

            var rows = _rows[below];
            for (var row = starts[i]; row < rows.Rows; row++)
                rows.SetInt64(column, row, key);
        }
    }

    /// <summary>Takes back what an earlier value of the same key gave to a row.</summary>
    public void Forget(FieldPlan field, int row)
    {
        foreach (var column in field.Columns)
            _rows[column.Table].SetNull(column.Column, row);

        foreach (var table in field.Tables)
            ForgetElements(table);

        if (field.Object is null)
            return;

        foreach (var inner in field.Object.Fields.Values)
            Forget(inner, row);
    }

    public void Dispose() => Array.ForEach(_rows, static rows => rows.Dispose());

    private void ForgetElements(TablePlan table)
    {
        var parent = _plan.Tables.First(candidate => candidate.Schema.Name == table.Schema.Parent);
        for (var i = 0; i < parent.Below.Length; i++)
        {
            var below = parent.Below[i].Table;
            if (below == table.Index || table.Below.Any(target => target.Table == below))
                _rows[below].Truncate(_starts[parent.Index][i]);
        }
    }
}
