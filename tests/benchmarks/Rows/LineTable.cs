using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Writing;
using DuckDB.NET.Data;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>1 M made-up lines, four in each of the first 250,000 invoices, in chunks beside those of the invoices.</summary>
internal static class LineTable
{
    public const int LinesEach = 4;

    private const int RowCount = 1_000_000;

    public static TableSchema Schema { get; } = new()
    {
        Name = "invoice_lines",
        Parent = "invoices",
        Ancestors = ["invoices"],
        NestedPath = ["invoice-lines"],
        Columns =
        [
            Column("invoices_id", ColumnType.Int64, isKey: true), Column("id", ColumnType.Int64, isKey: true), Column("line_num", ColumnType.Int64), Column("description", ColumnType.String),
            Column("quantity", ColumnType.Decimal), Column("price", ColumnType.Decimal), Column("total", ColumnType.Decimal), Column("account_code", ColumnType.String), Column("created_at", ColumnType.DateTime),
        ],
    };

    public static ImmutableArray<ChunkInfo> Open(string folder)
    {
        var chunks = ImmutableArray.CreateBuilder<ChunkInfo>();
        for (var first = 0; first < RowCount; first += InvoiceTable.ChunkRows)
        {
            var end = Math.Min(first + InvoiceTable.ChunkRows, RowCount);
            var name = string.Create(CultureInfo.InvariantCulture, $"lines-{first:D7}.parquet");
            if (!File.Exists(Path.Combine(folder, name)))
                Write(folder, name, first, end);
            chunks.Add(new(name, end - first, new FileInfo(Path.Combine(folder, name)).Length, first / LinesEach, (end - 1) / LinesEach));
        }

        return chunks.ToImmutable();
    }

    private static void Write(string folder, string name, int first, int end)
    {
        var draft = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = ParquetSql.CopyTo(
            $"""
            SELECT (i // {LinesEach})::BIGINT AS invoices_id, i::BIGINT AS id, (i % {LinesEach})::BIGINT AS line_num, 'Part ' || (hash(i)%9000) || ' of order ' || (i*3) AS description,
                (1 + hash(i*2)%40)::DECIMAL(38,12) AS quantity, ((hash(i*3)%500000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) AS price, ((hash(i*4)%5000000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) AS total,
                (100 + i%900) || '-' || (1000 + hash(i)%9000) AS account_code, TIMESTAMP '2020-01-01' + to_seconds(i * 150) AS created_at
            FROM range({first}, {end}) t(i)
            """,
            draft,
            new ChunkWritingOptions());
        command.ExecuteNonQuery();
        File.Move(draft, Path.Combine(folder, name), overwrite: true);
    }

    private static ColumnSchema Column(string name, ColumnType type, bool isKey = false) => new() { Name = name, Type = type, IsKey = isKey };
}
