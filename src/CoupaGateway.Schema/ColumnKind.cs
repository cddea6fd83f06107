namespace CoupaGateway.Schema;

/// <summary>Where the value of a column comes from when a record is flattened.</summary>
public enum ColumnKind
{
    /// <summary>Read from the JSON element at <see cref="ColumnSchema.Path"/>.</summary>
    Field,

    /// <summary>The key of an ancestor row, e.g. <c>invoices_id</c> in <c>invoice_lines</c>; <see cref="ColumnSchema.Ancestor"/> names the table.</summary>
    AncestorKey,

    /// <summary><c>_position</c>: index of the element in its array, from 0. Always 0 for a nested object and for API tables.</summary>
    Position,

    /// <summary><c>_changed_at</c>: when the content of the row last changed in the gateway (UTC).</summary>
    ChangedAt,
}
