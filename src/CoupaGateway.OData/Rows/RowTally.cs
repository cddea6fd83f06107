namespace CoupaGateway.OData.Rows;

/// <summary>Counts the rows that are written while a request is answered, wherever that happens.</summary>
internal sealed class RowTally
{
    private static readonly AsyncLocal<RowTally?> Current = new();

    private long _rows;

    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Begins to count what this request, and everything that it calls, writes.</summary>
    public static RowTally Begin() => Current.Value = new RowTally();

    public static void Add(long rows)
    {
        if (Current.Value is { } tally)
            Interlocked.Add(ref tally._rows, rows);
    }
}
