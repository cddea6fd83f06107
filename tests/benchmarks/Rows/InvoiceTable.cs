using System.Collections.Immutable;
using System.Reflection;
using CoupaGateway.OData.Rows;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Writing;
using DuckDB.NET.Data;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>
/// 1 M made-up invoices with 60 columns as the gateway stores them: Parquet chunks of 16,384 rows, sorted by id. Written once into the
/// system's temporary folder, and found there by later runs.
/// </summary>
internal sealed class InvoiceTable
{
    public const int RowCount = 1_000_000;

    public const int ChunkRows = 16_384;

    private InvoiceTable(string folder) => Folder = folder;

    public string Folder { get; }

    public ImmutableArray<RowColumn> Columns { get; } =
        [.. typeof(InvoiceRow).GetProperties().Select(static property => new RowColumn(property.Name, KindOf(property)))];

    public static InvoiceTable Open()
    {
        var folder = Path.Combine(Path.GetTempPath(), "coupa-gateway-benchmark-invoices-2");
        if (!Directory.Exists(folder))
            Write(folder);
        return new InvoiceTable(folder);
    }

    /// <summary>The chunk files in key order whose rows may have an id in the range.</summary>
    public IEnumerable<string> Files(long minId = 0, long maxId = RowCount - 1) =>
        Enumerable.Range((int)(minId / ChunkRows), (int)((maxId / ChunkRows) - (minId / ChunkRows)) + 1).Select(number => FileName(Folder, number));

    /// <summary><c>read_parquet</c> over <see cref="Files"/>.</summary>
    public string From(long minId = 0, long maxId = RowCount - 1) =>
        $"read_parquet([{string.Join(", ", Files(minId, maxId).Select(static file => $"'{file}'"))}])";

    /// <summary>A page by keyset, as the feed asks for it: one row more than the page holds.</summary>
    public RowQuery Page(long afterId, int size) => new()
    {
        Sql = $"SELECT {string.Join(", ", Columns.Select(static column => column.Name))} FROM {From(Math.Min(afterId + 1, RowCount - 1), Math.Min(afterId + size + 1, RowCount - 1))} WHERE id > $1 LIMIT {size + 1}",
        Parameters = [afterId],
        Columns = Columns,
        IsShort = true,
    };

    /// <summary>The chunks as a manifest lists them, but named by their file names.</summary>
    public ImmutableArray<ChunkInfo> Chunks =>
    [
        .. Files().Select(static (file, number) => new ChunkInfo(
            Path.GetFileName(file), Math.Min(ChunkRows, RowCount - (number * ChunkRows)), new FileInfo(file).Length, number * ChunkRows, Math.Min((number + 1) * ChunkRows, RowCount) - 1)),
    ];

    private static RowValueKind KindOf(PropertyInfo property) => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).Name switch
    {
        nameof(Int64) => RowValueKind.Int64,
        nameof(String) => RowValueKind.String,
        nameof(Decimal) => RowValueKind.Decimal,
        nameof(DateTimeOffset) => RowValueKind.DateTime,
        nameof(Boolean) => RowValueKind.Boolean,
        var other => throw new InvalidOperationException($"No column kind for {other}."),
    };

    private static string FileName(string folder, int number) => Path.Combine(folder, $"{number:D3}.parquet");

    private static void Write(string folder)
    {
        var draft = Directory.CreateTempSubdirectory("coupa-gateway-benchmark-").FullName;
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        for (var number = 0; number * ChunkRows < RowCount; number++)
        {
            var from = number * ChunkRows;
            command.CommandText = ParquetSql.CopyTo(
                $"SELECT {Expressions} FROM range({from}, {Math.Min(from + ChunkRows, RowCount)}) t(i)", FileName(draft, number), new ChunkWritingOptions());
            command.ExecuteNonQuery();
        }

        Directory.Move(draft, folder);
    }

    private const string Expressions =
        """
            i AS id,
            ('INV-' || lpad((i*7)::VARCHAR, 9, '0'))::VARCHAR AS invoice_number,
            (['new','approved','pending_approval','voided','disputed','draft','on_hold','processing'][(1 + hash(i)%8)::BIGINT])::VARCHAR AS status,
            (['EUR','USD','GBP','CHF','PLN'][(1 + hash(i*3)%5)::BIGINT])::VARCHAR AS currency_code,
            ('Supplier ' || (hash(i%4001)%100000) || ' GmbH & Co. KG')::VARCHAR AS supplier_name,
            ('S' || lpad((hash(i%4001)%1000000)::VARCHAR, 7, '0'))::VARCHAR AS supplier_number,
            ('Plant ' || (i%97) || ', Building ' || (i%13))::VARCHAR AS ship_to_name,
            (['Berlin','Zürich','Kraków','New York','São Paulo','London','München','Paris'][(1 + hash(i%97)%8)::BIGINT])::VARCHAR AS ship_to_city,
            (['DE','CH','PL','US','BR','GB','DE','FR'][(1 + hash(i%97)%8)::BIGINT])::VARCHAR AS ship_to_country,
            ('Company ' || (i%23) || ' AG')::VARCHAR AS bill_to_name,
            (['Net 30','Net 45','Net 60','2% 10, Net 30'][(1 + hash(i*11)%4)::BIGINT])::VARCHAR AS payment_term,
            ((100 + i%900) || '-' || (1000 + hash(i)%9000) || '-' || (10 + i%90))::VARCHAR AS account_code,
            ('Cost center ' || (1000 + hash(i)%9000))::VARCHAR AS account_name,
            ('user.' || (hash(i%5003)%100000))::VARCHAR AS created_by_login,
            ('user.' || (hash(i%5003)%100000) || '@example.com')::VARCHAR AS created_by_email,
            ('user.' || (hash(i%4999)%100000))::VARCHAR AS updated_by_login,
            CASE WHEN hash(i*31+16)%10 < 3 THEN NULL ELSE ('First' || (i%499) || ' Last' || (i%997))::VARCHAR END AS requester_name,
            CASE WHEN hash(i*31+17)%10 < 2 THEN NULL ELSE (['IT hardware','Office supplies','Consulting','Logistics','Travel','Facility management','Marketing'][(1 + hash(i*5)%7)::BIGINT])::VARCHAR END AS commodity_name,
            CASE WHEN hash(i*31+18)%10 < 2 THEN NULL ELSE ('Delivery of ' || (1 + i%40) || ' items for project ' || (hash(i)%10000) || ', see order ' || (i*3))::VARCHAR END AS description,
            CASE WHEN hash(i*31+19)%10 < 5 THEN NULL ELSE ('Checked by accounting on day ' || (i%365) || E'.\nNo "objection".')::VARCHAR END AS internal_note,
            CASE WHEN hash(i*31+20)%10 < 3 THEN NULL ELSE (md5(i::VARCHAR))::VARCHAR END AS external_id,
            (['Invoice','Credit Note'][(1 + hash(i*13)%2)::BIGINT])::VARCHAR AS document_type,
            (['cxml','csp','manual','email','edi'][(1 + hash(i*17)%5)::BIGINT])::VARCHAR AS channel,
            CASE WHEN hash(i*31+23)%10 < 4 THEN NULL ELSE ('V' || (i%19))::VARCHAR END AS tax_code,
            CASE WHEN hash(i*31+24)%10 < 2 THEN NULL ELSE (['EMEA','APAC','AMER'][(1 + hash(i%97)%3)::BIGINT])::VARCHAR END AS custom_fields_region,
            (hash(i*2)%4001)::BIGINT AS supplier_id,
            (hash(i*3)%97)::BIGINT AS ship_to_address_id,
            (hash(i*4)%23)::BIGINT AS bill_to_address_id,
            (hash(i*5)%9000)::BIGINT AS account_id,
            (hash(i*6)%5003)::BIGINT AS created_by_id,
            (hash(i*7)%4999)::BIGINT AS updated_by_id,
            CASE WHEN hash(i*31+31)%10 < 2 THEN NULL ELSE (hash(i*8)%5003)::BIGINT END AS requester_id,
            CASE WHEN hash(i*31+32)%10 < 2 THEN NULL ELSE (hash(i*9)%3000000)::BIGINT END AS order_header_id,
            (hash(i*10)%40)::BIGINT AS payment_term_id,
            (hash(i*11)%60)::BIGINT AS line_count,
            (hash(i*12)%9)::BIGINT AS version,
            (hash(i*13)%90)::BIGINT AS days_to_pay,
            ((hash(i*3)%5000000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) AS gross_total,
            ((hash(i*4)%4000000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) AS net_total,
            ((hash(i*5)%900000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) AS tax_amount,
            CASE WHEN hash(i*31+40)%10 < 4 THEN NULL ELSE ((hash(i*6)%10000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) END AS shipping_amount,
            CASE WHEN hash(i*31+41)%10 < 6 THEN NULL ELSE ((hash(i*7)%5000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) END AS handling_amount,
            CASE WHEN hash(i*31+42)%10 < 7 THEN NULL ELSE ((hash(i*8)%1000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) END AS misc_amount,
            CASE WHEN hash(i*31+43)%10 < 5 THEN NULL ELSE ((hash(i*9)%20000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) END AS discount_amount,
            CASE WHEN hash(i*31+44)%10 < 8 THEN NULL ELSE ((hash(i*10)%1000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) END AS withheld_amount,
            CASE WHEN hash(i*31+45)%10 < 3 THEN NULL ELSE ((hash(i*11)%5000000)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) END AS paid_amount,
            ((hash(i*12)%20000)::DECIMAL(38,12) * 0.0001)::DECIMAL(38,12) AS exchange_rate,
            CASE WHEN hash(i*31+47)%10 < 2 THEN NULL ELSE ((hash(i*13)%100)::DECIMAL(38,12) * 0.01)::DECIMAL(38,12) END AS tolerance,
            TIMESTAMP '2020-01-01' + to_seconds(i * 150 + (hash(i*2)%86400)::BIGINT) AS created_at,
            TIMESTAMP '2020-01-01' + to_seconds(i * 150 + (hash(i*3)%86400)::BIGINT) AS updated_at,
            TIMESTAMP '2020-01-01' + to_seconds(i * 150 + (hash(i*4)%86400)::BIGINT) AS invoice_date,
            TIMESTAMP '2020-01-01' + to_seconds(i * 150 + (hash(i*5)%86400)::BIGINT) AS net_due_date,
            CASE WHEN hash(i*31+52)%10 < 6 THEN NULL ELSE TIMESTAMP '2020-01-01' + to_seconds(i * 150 + (hash(i*6)%86400)::BIGINT) END AS discount_due_date,
            CASE WHEN hash(i*31+53)%10 < 4 THEN NULL ELSE TIMESTAMP '2020-01-01' + to_seconds(i * 150 + (hash(i*7)%86400)::BIGINT) END AS payment_date,
            CASE WHEN hash(i*31+54)%10 < 3 THEN NULL ELSE TIMESTAMP '2020-01-01' + to_seconds(i * 150 + (hash(i*8)%86400)::BIGINT) END AS exported_at,
            TIMESTAMP '2020-01-01' + to_seconds(i * 150 + (hash(i*9)%86400)::BIGINT) + to_microseconds((hash(i)%1000000)::BIGINT) AS _changed_at,
            hash(i*7)%3 = 0 AS paid,
            hash(i*8)%3 = 0 AS exported,
            CASE WHEN hash(i*31+58)%10 < 2 THEN NULL ELSE hash(i*9)%3 = 0 END AS disputed,
            CASE WHEN hash(i*31+59)%10 < 2 THEN NULL ELSE hash(i*10)%3 = 0 END AS coupa_accelerate
        """;
}
