using CoupaGateway.Schema;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Sync.Flattening;

/// <summary>A column that takes the value of a JSON field.</summary>
/// <param name="Table">Index of the table in its plan.</param>
/// <param name="Column">Index of the column in its table.</param>
/// <param name="Filter">What values of the column pass through before they are stored; null for none.</param>
internal sealed record ColumnTarget(int Table, int Column, ColumnType Type, ValueFilter? Filter = null)
{
    /// <summary>It is the id of a nested element: when there is none, the element gets another key.</summary>
    public bool IsElementKey { get; init; }
}
