using System.Collections.Immutable;

namespace CoupaGateway.Schema;

/// <summary>Tables that the gateway itself fills, one of each per connection.</summary>
public static class SystemTables
{
    /// <summary>Names of the states in <see cref="Meta"/>.</summary>
    public const string Loaded = "loaded", Missing = "missing", Damaged = "damaged";

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

    /// <summary>The state of the other tables at the moment of the request. It is never at rest anywhere.</summary>
    public static TableSchema Meta { get; } = new()
    {
        Name = "_meta",
        Description = "The state of each table: how many rows it has, and up to when they are those of Coupa.",
        Columns =
        [
            new() { Name = "id", Type = ColumnType.Int64, IsKey = true, Description = "Place of the table in the feed, from 1." },
            new() { Name = "table_name", Type = ColumnType.String, Description = "Name of the table." },
            new() { Name = "version", Type = ColumnType.Int64, Description = "Rises with every change of the table." },
            new() { Name = "row_count", Type = ColumnType.Int64, Description = "Rows in the table." },
            new() { Name = "bytes", Type = ColumnType.Int64, Description = "Compressed size of the table." },
            new() { Name = "loaded_at", Type = ColumnType.DateTime, Description = "When the version was committed." },
            new() { Name = "watermark", Type = ColumnType.DateTime, Description = "What Coupa had at this moment is in the table." },
            new() { Name = "age_seconds", Type = ColumnType.Int64, Description = "Seconds since the watermark." },
            new() { Name = "state", Type = ColumnType.String, AllowedValues = [Loaded, Missing, Damaged], Description = "Whether the table can be read." },
        ],
    };

    /// <summary>What a feed has beside the tables of its schema.</summary>
    public static ImmutableArray<TableSchema> All { get; } = [DeletedRecords, Meta];
}
