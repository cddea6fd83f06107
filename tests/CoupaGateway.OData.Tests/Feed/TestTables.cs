using System.Collections.Immutable;
using CoupaGateway.Schema;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>Small tables with every type, nulls and ties.</summary>
internal static class TestTables
{
    public static TableSchema Invoices { get; } = Table(
        "invoices",
        "id:Int64:key", "invoice_number:String", "status:String", "gross_total:Decimal", "paid:Boolean", "created_at:DateTime", "invoice_date:Date",
        "version:Int64", "_position:Int64", "_changed_at:DateTime");

    public static TableSchema Lines { get; } = Table("invoice_lines", "invoices_id:Int64:key", "id:Int64:key", "description:String", "total:Decimal") with
    {
        Parent = "invoices",
        Ancestors = ["invoices"],
        NestedPath = ["invoice-lines"],
    };

    /// <summary>Rows for property tests: few distinct values, many nulls.</summary>
    public static TableSchema Values { get; } = Table("values", "id:Int64:key", "a:Int64", "b:String", "c:Decimal", "d:Boolean", "e:DateTime", "f:Date");

    /// <summary>Many rows under a key of two parts: enough that finding rows first pays, by name and by range.</summary>
    public static TableSchema Entries { get; } =
        Table("entries", "values_id:Int64:key", "id:Int64:key", "a:Int64", "b:String", "c:Decimal", "d:Boolean", "e:DateTime", "f:Date") with
        {
            Parent = "values",
            Ancestors = ["values"],
            NestedPath = ["entries"],
        };

    public static TableSchema Unloaded { get; } = Table("suppliers", "id:Int64:key", "name:String");

    /// <summary>Rows of <see cref="Invoices"/> from id 1 on: nulls in all columns, empty texts, texts up to and beyond the twelve bytes that lie in a vector itself, and what JSON escapes.</summary>
    /// <param name="longText">How often the longest text repeats its five bytes.</param>
    public static string VariedInvoices(int count, int longText) => $"""
        SELECT i, CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'twelve bytes' WHEN 3 THEN 'thirteen byte' WHEN 4 THEN repeat('ü"\\', {longText}) ELSE 'INV-' || i END, CASE WHEN i % 5 = 0 THEN NULL ELSE 'new' END,
            CASE WHEN i % 3 = 0 THEN NULL ELSE CAST(-12345678901234567890123456.000000000001 AS DECIMAL(38,12)) + i END, CASE WHEN i % 4 = 0 THEN NULL ELSE i % 2 = 0 END,
            CASE WHEN i % 6 = 0 THEN NULL ELSE TIMESTAMP '2026-01-01' + to_microseconds(i) END, CASE WHEN i % 9 = 0 THEN NULL ELSE DATE '1999-12-31' + i::INTEGER END, i - 50, 0, TIMESTAMP '2026-02-01'
        FROM range(1, {count + 1}) r(i)
        """;

    public static SchemaRevision Schema { get; } = new([Invoices, Lines, Values, Unloaded]);

    public const string InvoiceRows = """
        VALUES
        (1, 'INV-1', 'approved', 100.50, true, TIMESTAMP '2026-01-01 10:00:00', DATE '2026-01-01', 3, 0, TIMESTAMP '2026-02-01 00:00:00'),
        (2, 'INV-2', 'draft', 200.25, false, TIMESTAMP '2026-01-02 11:30:15.250', DATE '2026-01-02', NULL, 0, TIMESTAMP '2026-02-02 00:00:00'),
        (3, 'O''Neil "3"', 'approved', NULL, NULL, NULL, NULL, 5, 0, TIMESTAMP '2026-02-03 00:00:00'),
        (4, NULL, NULL, -7.000000000001, true, TIMESTAMP '2025-12-31 23:59:59.999999', DATE '2025-12-31', -3, 0, TIMESTAMP '2026-02-04 00:00:00'),
        (5, ' Übung ', 'new', 99999999999.99, false, TIMESTAMP '2026-03-05 00:00:00', DATE '2026-03-05', 0, 0, TIMESTAMP '2026-02-05 00:00:00'),
        (6, 'inv-6', 'approved', 0.10, true, TIMESTAMP '2026-01-01 10:00:00', DATE '2026-01-01', 7, 0, TIMESTAMP '2026-02-06 00:00:00')
        """;

    public const string LineRows = """
        VALUES (1, 10, 'Bolts', 60.5), (1, 11, 'Nuts', 40), (2, 12, NULL, 200.25), (3, 13, 'Paper', NULL), (3, 14, 'Pens', 1), (3, 15, 'Ink', 2), (6, 16, 'Tea', 0.1)
        """;

    public const string ValueRows = """
        SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE i % 5 END, CASE WHEN i % 4 = 0 THEN NULL WHEN i % 11 = 1 THEN repeat('long', 600) ELSE 'v' || (i % 7) END,
            CASE WHEN i % 6 = 0 THEN NULL ELSE (i % 9) / 4 END, CASE WHEN i % 5 = 0 THEN NULL ELSE i % 2 = 0 END,
            CASE WHEN i % 7 = 0 THEN NULL ELSE TIMESTAMP '2026-01-01' + to_seconds(i % 4) END, CASE WHEN i % 8 = 0 THEN NULL ELSE DATE '2026-01-01' + (i % 3)::INTEGER END
        FROM range(1, 251) r(i)
        """;

    public const string EntryRows = """
        SELECT i // 3, (i * 7919) % 1009, CASE WHEN i % 3 = 0 THEN NULL ELSE i % 50 END, CASE WHEN i % 4 = 0 THEN NULL ELSE 'v' || (i % 700) END,
            CASE WHEN i % 6 = 0 THEN NULL ELSE (i % 9) / 4 END, i % 2 = 0, TIMESTAMP '2026-01-01' + to_seconds(i % 4), DATE '2026-01-01' + (i % 300)::INTEGER
        FROM range(900) r(i)
        """;

    private static TableSchema Table(string name, params string[] columns) => new()
    {
        Name = name,
        Columns =
        [
            .. columns.Select(static text => text.Split(':')).Select(static parts => new ColumnSchema
            {
                Name = parts[0],
                Type = Enum.Parse<ColumnType>(parts[1]),
                IsKey = parts.Length > 2,
                Kind = parts[0] switch { "_position" => ColumnKind.Position, "_changed_at" => ColumnKind.ChangedAt, _ => ColumnKind.Field },
                AllowedValues = parts[0] == "status" ? ["draft", "new", "approved"] : ImmutableArray<string>.Empty,
                Description = parts[0] == "gross_total" ? "Total with <tax> & charges." : null,
            }),
        ],
    };
}
