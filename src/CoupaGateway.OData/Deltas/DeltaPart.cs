using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Deltas;

/// <summary>One of the results that changes are made of, ready to be read.</summary>
/// <param name="opened">Tables that are held open for it.</param>
internal sealed class DeltaPart(RowReader rows, JsonRowFormat format, IReadOnlyList<IDisposable> opened) : IDisposable
{
    /// <summary>Rows that are new or different, and in the client's result.</summary>
    public const int Changed = 0;

    /// <summary>Rows that are different, and not in the client's result: perhaps they were.</summary>
    public const int Left = 1;

    /// <summary>Rows that are gone.</summary>
    public const int Deleted = 2;

    /// <summary>How many parts there are.</summary>
    public const int Count = 3;

    public RowReader Rows { get; } = rows;

    public JsonRowFormat Format { get; } = format;

    public void Dispose()
    {
        Rows.Dispose();
        foreach (var tables in opened)
            tables.Dispose();
    }
}
