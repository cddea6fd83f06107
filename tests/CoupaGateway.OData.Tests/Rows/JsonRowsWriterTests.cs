using System.Globalization;
using System.IO.Pipelines;
using System.Numerics;
using System.Text.Json;
using CoupaGateway.OData.Rows;
using CsCheck;

namespace CoupaGateway.OData.Tests.Rows;

public sealed class JsonRowsWriterTests : IDisposable
{
    private static readonly RowQuery Numbers = EngineFixture.Query(
        "SELECT i, 'row ' || i FROM range(3000) t(i)", ("id", RowValueKind.Int64), ("name", RowValueKind.String));

    private readonly EngineFixture _engine = new();

    [Theory]
    [InlineData(3000, 3000, false)]
    [InlineData(3001, 3000, false)]
    [InlineData(2999, 2999, true)]
    [InlineData(2048, 2048, true)]
    [InlineData(2049, 2049, true)]
    [InlineData(1, 1, true)]
    public async Task Rows_cross_the_chunks_of_DuckDB_in_order_and_the_last_one_is_known(long limit, int count, bool more)
    {
        var (json, written) = await _engine.WriteAsync(Numbers, limit: limit, token: [0, 1]);

        using var rows = JsonDocument.Parse($"[{json}]");
        Assert.Equal(Enumerable.Range(0, count).Select(static i => (i, $"row {i}")), rows.RootElement.EnumerateArray().Select(static row => (row.GetProperty("id").GetInt32(), row.GetProperty("name").GetString()!)));
        Assert.Equal((count, more), (written.Count, written.More));
        Assert.Equal([(long)(count - 1), $"row {count - 1}"], written.LastTokenValues);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(10, false)]
    public async Task No_rows_are_no_bytes(long limit, bool any)
    {
        var (json, written) = await _engine.WriteAsync(Numbers with { Sql = Numbers.Sql + (any ? "" : " WHERE i < 0") }, limit: limit, token: [0]);

        Assert.Empty(json);
        Assert.Equal((0L, any), (written.Count, written.More));
        Assert.Empty(written.LastTokenValues);
    }

    [Fact]
    public async Task Values_for_a_page_token_are_clr_values()
    {
        var query = EngineFixture.Query(
            "SELECT 7::BIGINT, 'é', 1.50::DECIMAL(38,12), 99999999999999999999999999.999999999999::DECIMAL(38,12), true, TIMESTAMP '2024-02-29 01:02:03.000004', DATE '1969-12-31', 0.5::DOUBLE, NULL::VARCHAR, 'infinity'::TIMESTAMP",
            ("a", RowValueKind.Int64), ("b", RowValueKind.String), ("c", RowValueKind.Decimal), ("d", RowValueKind.Decimal), ("e", RowValueKind.Boolean),
            ("f", RowValueKind.DateTime), ("g", RowValueKind.Date), ("h", RowValueKind.Double), ("i", RowValueKind.String), ("j", RowValueKind.DateTime));

        var (_, written) = await _engine.WriteAsync(query, token: [.. Enumerable.Range(0, 10)]);

        Assert.Equal(
            [7L, "é", 1.5m, "99999999999999999999999999.999999999999", true, new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc).AddTicks(40), new DateOnly(1969, 12, 31), 0.5, null, null],
            written.LastTokenValues);
        Assert.Equal(DateTimeKind.Utc, Assert.IsType<DateTime>(written.LastTokenValues[5]).Kind);
    }

    private static readonly RowQuery Mixed = EngineFixture.Query(
        "SELECT * FROM (VALUES (1::BIGINT, 1.5::DECIMAL(9,2), 'x', NULL::BOOLEAN, 'nan'::DOUBLE), (NULL, NULL, NULL, true, 2.0)) t ORDER BY 1",
        ("i", RowValueKind.Int64), ("d", RowValueKind.Decimal), ("s", RowValueKind.String), ("b", RowValueKind.Boolean), ("f", RowValueKind.Double));

    [Fact]
    public async Task Nulls_are_written_unless_they_are_to_be_omitted()
    {
        Assert.Equal("""{"i":1,"d":1.5,"s":"x","b":null,"f":"NaN"},{"i":null,"d":null,"s":null,"b":true,"f":2}""", (await _engine.WriteAsync(Mixed)).Json);
        Assert.Equal("""{"i":1,"d":1.5,"s":"x","f":"NaN"},{"b":true,"f":2}""", (await _engine.WriteAsync(Mixed, new JsonRowFormat { OmitNulls = true })).Json);
        var empty = EngineFixture.Query("SELECT NULL::VARCHAR", ("s", RowValueKind.String));
        Assert.Equal("{}", (await _engine.WriteAsync(empty, new JsonRowFormat { OmitNulls = true })).Json);
    }

    [Fact]
    public async Task Ieee754Compatible_makes_strings_of_integers_and_decimals_only() =>
        Assert.StartsWith("""{"i":"1","d":"1.5","s":"x","b":null,"f":"NaN"}""", (await _engine.WriteAsync(Mixed, new JsonRowFormat { Ieee754Compatible = true })).Json, StringComparison.Ordinal);

    [Fact]
    public async Task Hidden_columns_are_not_written()
    {
        var query = Numbers with { Sql = Numbers.Sql + " LIMIT 1", Columns = [Numbers.Columns[0] with { Hidden = true }, Numbers.Columns[1]] };

        Assert.Equal("""{"name":"row 0"}""", (await _engine.WriteAsync(query)).Json);
    }

    [Fact]
    public async Task Full_metadata_names_type_and_id_and_types_that_json_does_not_imply()
    {
        var query = EngineFixture.Query(
            "SELECT 1::BIGINT, 'O''Neil & ü', 1.5::DECIMAL(9,2), TIMESTAMP '2024-01-01', DATE '2024-01-01', true, 0.5::DOUBLE, NULL::BIGINT, 'nan'::DOUBLE",
            ("id", RowValueKind.Int64), ("code", RowValueKind.String), ("d", RowValueKind.Decimal), ("t", RowValueKind.DateTime), ("day", RowValueKind.Date),
            ("b", RowValueKind.Boolean), ("f", RowValueKind.Double), ("none", RowValueKind.Int64), ("nan", RowValueKind.Double));
        var format = new JsonRowFormat { Full = new("Coupa.invoice", "https://host/odata/demo/invoices", [0, 1], ["lines"]) };

        var (json, _) = await _engine.WriteAsync(query, format);

        const string Url = "https://host/odata/demo/invoices(id=1,code='O%27%27Neil%20%26%20%C3%BC')";
        Assert.Equal(
            $$"""{"@odata.type":"#Coupa.invoice","@odata.id":"{{Url}}","id@odata.type":"#Int64","id":1,"code":"O'Neil & ü","d@odata.type":"#Decimal","d":1.5,"t@odata.type":"#DateTimeOffset","t":"2024-01-01T00:00:00Z","day@odata.type":"#Date","day":"2024-01-01","b":true,"f@odata.type":"#Double","f":0.5,"none":null,"nan@odata.type":"#Double","nan":"NaN","lines@odata.associationLink":"{{Url}}/lines/$ref","lines@odata.navigationLink":"{{Url}}/lines"}""",
            json);
    }

    [Fact]
    public async Task A_single_key_is_not_named_in_the_id()
    {
        var format = new JsonRowFormat { Full = new("T", "http://h/s", [0], []) };

        Assert.StartsWith("""{"@odata.type":"#T","@odata.id":"http://h/s(0)",""", (await _engine.WriteAsync(Numbers, format, limit: 1)).Json, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_reads_back_as_it_was()
    {
        // All lengths around the vector entry, the vector registers and the slices, with and without characters to escape.
        var text = Gen.OneOf(
            Gen.String[Gen.Char['\0', '\u007f'], 0, 70],
            Gen.String[Gen.Char["aü\u2028\"\\\n"], 0, 70],
            Gen.String[Gen.Char["ab€"], 2000, 9000],
            Gen.Select(Gen.String[Gen.Char["x\""], 0, 40], Gen.Int[0, 70_000], static (end, length) => new string('y', length) + end));

        Gen.Select(text, text).Sample(
            pair =>
            {
                var query = EngineFixture.Query("SELECT $1::VARCHAR, $2::VARCHAR", ("a", RowValueKind.String), ("b\"", RowValueKind.String)) with { Parameters = [pair.Item1, pair.Item2] };
                using var row = JsonDocument.Parse(_engine.WriteAsync(query).GetAwaiter().GetResult().Json);
                return row.RootElement.GetProperty("a").GetString() == pair.Item1 && row.RootElement.GetProperty("b\"").GetString() == pair.Item2;
            },
            iter: 400,
            threads: 1);
    }

    [Fact]
    public void Any_decimal_is_written_like_its_digits_with_a_point() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 127], Gen.Bool, Gen.Int[0, 38]).Sample(
            static (high, low, shift, negative, scale) =>
            {
                var unscaled = (Int128)(new UInt128(high, low) >> Math.Max(1, shift)) * (negative ? -1 : 1);
                return FormatDecimal(unscaled, scale) == Reference(unscaled, scale);
            },
            iter: 20_000);

    [Fact]
    public void Any_instant_is_written_like_the_date_and_time_of_dotnet() =>
        Gen.DateTime.Sample(
            static instant =>
            {
                var micros = (instant.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
                var expected = DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);
                return FormatInstant(micros) == expected.Replace(".Z", "Z", StringComparison.Ordinal);
            },
            iter: 20_000);

    [Fact]
    public void Any_duration_is_written_like_dotnet_writes_it_for_xml() =>
        Gen.Select(Gen.Long[-1_000_000_000_000, 1_000_000_000_000], Gen.Int[0, 5], Gen.Int[-3, 3]).Sample(
            static (micros, shift, days) =>
            {
                var value = new IntervalValue(Months: 0, days, micros >> (shift * 8));
                return FormatDuration(value) == System.Xml.XmlConvert.ToString(TimeSpan.FromMicroseconds(value.Total)) && IntervalValue.Of(value.Total).Total == value.Total;
            },
            iter: 20_000);

    [Fact]
    public void The_longest_durations_are_written() => Assert.Equal(
        ("-P106751991DT4H54.775808S", "P106751991DT4H54.775807S"),
        (FormatDuration(IntervalValue.Of(long.MinValue)), FormatDuration(IntervalValue.Of(long.MaxValue))));

    private static unsafe string FormatDuration(IntervalValue value)
    {
        var buffer = stackalloc byte[128];
        return System.Text.Encoding.ASCII.GetString(buffer, (int)(OData.Rows.Calendar.WriteDuration(buffer, value) - buffer));
    }

    private static unsafe string FormatDecimal(Int128 unscaled, int scale)
    {
        var buffer = stackalloc byte[128];
        return System.Text.Encoding.ASCII.GetString(buffer, (int)(NumberFormat.WriteDecimal(buffer, unscaled, scale) - buffer));
    }

    private static unsafe string FormatInstant(long micros)
    {
        var buffer = stackalloc byte[128];
        return System.Text.Encoding.ASCII.GetString(buffer, (int)(OData.Rows.Calendar.WriteInstant(buffer, micros) - buffer));
    }

    private static string Reference(Int128 unscaled, int scale)
    {
        var digits = BigInteger.Abs((BigInteger)unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var fraction = digits[^scale..].TrimEnd('0');
        return (unscaled < 0 ? "-" : "") + digits[..^scale] + (fraction.Length > 0 ? "." + fraction : "");
    }

    [Fact]
    public async Task A_reader_that_has_gone_stops_the_writing()
    {
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync();
        using var rows = await _engine.Engine.OpenAsync(Numbers, EngineFixture.Stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new JsonRowsWriter().WriteAsync(rows, pipe.Writer, new JsonRowFormat(), 3000, [], EngineFixture.Stop));
    }

    [Fact]
    public async Task What_is_allocated_does_not_grow_with_the_rows()
    {
        var few = await AllocatedAsync(3_000);
        var many = await AllocatedAsync(300_000);

        // One smallest object per row (24 bytes) would take 7 MB.
        Assert.InRange(many - few, long.MinValue, 64 * 1024);
    }

    private async Task<long> AllocatedAsync(int count)
    {
        var query = EngineFixture.Query(
            $"SELECT i, 'row number ' || i, i::DECIMAL(38,12), TIMESTAMP '2024-01-01' + to_seconds(i) FROM range({count}) t(i)",
            ("a", RowValueKind.Int64), ("b", RowValueKind.String), ("c", RowValueKind.Decimal), ("d", RowValueKind.DateTime));
        long allocated = 0;
        for (var i = 0; i < 3; i++)
        {
            using var rows = await _engine.Engine.OpenAsync(query, EngineFixture.Stop);
            var output = PipeWriter.Create(Stream.Null);
            var before = GC.GetAllocatedBytesForCurrentThread();
            new JsonRowsWriter().WriteAsync(rows, output, new JsonRowFormat(), long.MaxValue, [], EngineFixture.Stop).GetAwaiter().GetResult();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return allocated;
    }

    public void Dispose() => _engine.Dispose();
}
