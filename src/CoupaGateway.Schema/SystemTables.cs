namespace CoupaGateway.Schema;

/// <summary>Tables that the gateway itself fills, one of each per connection.</summary>
public static class SystemTables
{
    /// <summary>
    /// Rows that are gone: from Coupa, or from the records that they were nested in. <c>_changed_at</c> is <c>deletion_id</c> as an instant
    /// (microseconds since 1970), and so never the same twice.
    /// </summary>
    public static TableSchema DeletedRecords { get; } = new()
    {
        Name = "deleted_records",
        Description = "Rows that were in a table and are no longer. Kept for a limited time.",
        Columns =
        [
            new() { Name = "deletion_id", Type = ColumnType.Int64, IsKey = true, Description = "Rises with every deletion." },
            new() { Name = "table_name", Type = ColumnType.String, Description = "Table that the row was in." },
            new() { Name = "key_values", Type = ColumnType.String, Description = "Key of the row, as a JSON object of its key columns." },
            new() { Name = SystemColumns.ChangedAt, Type = ColumnType.DateTime, Kind = ColumnKind.ChangedAt },
        ],
    };
}
