using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.OData.Tables;

/// <summary>The tables that no load makes: the list of deletions, which is empty before the first one, and the state of the tables, which is made up on the spot.</summary>
internal sealed class SystemTableReader(ISnapshotCatalog catalog, TimeProvider time)
{
    /// <summary>What stands in for a table that the catalog does not have; null for any other table.</summary>
    public TableSnapshot? Find(string connection, SchemaRevision schema, TableSchema table) =>
        ReferenceEquals(table, SystemTables.Meta) ? DescribeTables(connection, schema)
        : ReferenceEquals(table, SystemTables.DeletedRecords) ? new TableSnapshot(table, Manifest(connection, table, []))
        : null;

    private TableSnapshot DescribeTables(string connection, SchemaRevision schema)
    {
        var tables = schema.Tables.AddRange(schema.System.Where(static table => !ReferenceEquals(table, SystemTables.Meta)));
        var rows = tables.Select((table, i) => $"({string.Join(", ", Values(connection, table, i + 1))})");
        var columns = string.Join(", ", SystemTables.Meta.Columns.Select(static column => SqlText.Identifier(column.Name)));
        ImmutableArray<ChunkInfo> one = [new ChunkInfo("", tables.Length, 0, 1, tables.Length)];
        return new TableSnapshot(SystemTables.Meta, Manifest(connection, SystemTables.Meta, one))
        {
            Inline = $"(SELECT * FROM (VALUES {string.Join(", ", rows)}) AS m ({columns}))",
        };
    }

    private IEnumerable<string> Values(string connection, TableSchema table, long id)
    {
        var place = new TableId(connection, table.Name);
        var manifest = catalog.FindCurrent(place);
        var root = catalog.FindCurrent(new TableId(connection, table.Root));
        var watermark = root?.Watermark ?? root?.CommittedAt;
        var isSystem = ReferenceEquals(table, SystemTables.DeletedRecords);
        yield return Number(id);
        yield return Text(table.Name);
        yield return Number(manifest?.Version);
        yield return Number(manifest?.Rows ?? (isSystem ? 0 : null));
        yield return Number(manifest?.Bytes ?? (isSystem ? 0 : null));
        yield return Instant(manifest?.CommittedAt);
        yield return Instant(watermark);
        yield return Number(watermark is { } since ? Math.Max(0, (long)(time.GetUtcNow() - since).TotalSeconds) : null);
        yield return Text(catalog.IsDamaged(place) ? SystemTables.Damaged : manifest is null && !isSystem ? SystemTables.Missing : SystemTables.Loaded);
    }

    private static TableManifest Manifest(string connection, TableSchema table, ImmutableArray<ChunkInfo> chunks) => new()
    {
        Table = new TableId(connection, table.Name),
        Version = 0,
        SchemaFingerprint = table.Fingerprint,
        Chunks = chunks,
        CommittedAt = DateTimeOffset.UnixEpoch,
    };

    private static string Number(long? value) => $"CAST({value?.ToString(CultureInfo.InvariantCulture) ?? "NULL"} AS BIGINT)";

    private static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Instant(DateTimeOffset? value) =>
        $"CAST({(value is { } instant ? $"'{instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'" : "NULL")} AS TIMESTAMP)";
}
