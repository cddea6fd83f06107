using System.Collections.Immutable;
using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Flattening;

/// <summary>How the elements of one table become rows.</summary>
internal sealed class TablePlan
{
    public required int Index { get; init; }

    public required TableSchema Schema { get; init; }

    /// <summary>The fields of the table's element.</summary>
    public required ObjectPlan Element { get; init; }

    /// <summary>Column of the own key that is read from a field, or -1 when the key is the position.</summary>
    public required int KeyColumn { get; init; }

    /// <summary>Column of <c>_position</c>, or -1.</summary>
    public required int PositionColumn { get; init; }

    /// <summary>Column of <c>_changed_at</c>, or -1.</summary>
    public required int ChangedAtColumn { get; init; }

    /// <summary>All tables below this one, and where they repeat its key.</summary>
    public ImmutableArray<KeyTarget> Below { get; set; } = [];

    public bool IsApiTable => Schema.Parent is null;
}
