using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Tests.Rows;

public sealed class JsonValueTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    [Theory]
    [InlineData("9223372036854775807::BIGINT", "9223372036854775807")]
    [InlineData("(-9223372036854775808)::BIGINT", "-9223372036854775808")]
    [InlineData("0::BIGINT", "0")]
    [InlineData("(-7)::TINYINT", "-7")]
    [InlineData("4294967295::UINTEGER", "4294967295")]
    public Task Integers_are_written_exactly(string sql, string expected) => ExpectAsync(sql, RowValueKind.Int64, expected);

    [Theory]
    [InlineData("12.50::DECIMAL(4,2)", "12.5")]
    [InlineData("-0.05::DECIMAL(4,2)", "-0.05")]
    [InlineData("100::DECIMAL(9,2)", "100")]
    [InlineData("0::DECIMAL(18,6)", "0")]
    [InlineData("-123456789012.345678::DECIMAL(18,6)", "-123456789012.345678")]
    [InlineData("99999999999999999999999999.999999999999::DECIMAL(38,12)", "99999999999999999999999999.999999999999")]
    [InlineData("-99999999999999999999999999.100000000000::DECIMAL(38,12)", "-99999999999999999999999999.1")]
    [InlineData("10000000000000000000000000::DECIMAL(38,12)", "10000000000000000000000000")]
    [InlineData("0.00000000000000000000000000000000000001::DECIMAL(38,38)", "0.00000000000000000000000000000000000001")]
    [InlineData("0.1::DECIMAL(38,19)", "0.1")]
    [InlineData("170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727")]
    [InlineData("(-170141183460469231731687303715884105728)::HUGEINT", "-170141183460469231731687303715884105728")]
    public Task Decimals_are_written_exactly_without_trailing_zeros(string sql, string expected) => ExpectAsync(sql, RowValueKind.Decimal, expected);

    [Theory]
    [InlineData("2024-02-29 12:34:56.120000", "2024-02-29T12:34:56.12Z")]
    [InlineData("2024-02-29 12:34:56", "2024-02-29T12:34:56Z")]
    [InlineData("1969-12-31 23:59:59.999999", "1969-12-31T23:59:59.999999Z")]
    [InlineData("0001-01-01 00:00:00", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31 23:59:59.999999", "9999-12-31T23:59:59.999999Z")]
    [InlineData("10000-01-01 00:00:00", "10000-01-01T00:00:00Z")]
    [InlineData("0001-12-31 (BC) 00:00:00", "0000-12-31T00:00:00Z")]
    [InlineData("0045-03-15 (BC) 10:00:00", "-0044-03-15T10:00:00Z")]
    [InlineData("290309-12-22 (BC) 00:00:00", "-290308-12-22T00:00:00Z")]
    public Task Instants_are_written_as_utc_with_the_fraction_they_have(string sql, string expected) =>
        ExpectAsync($"TIMESTAMP '{sql}'", RowValueKind.DateTime, $"\"{expected}\"");

    [Theory]
    [InlineData("2024-02-29", "\"2024-02-29\"")]
    [InlineData("1600-01-01", "\"1600-01-01\"")]
    [InlineData("5877642-06-25 (BC)", "\"-5877641-06-25\"")]
    [InlineData("5881580-07-10", "\"5881580-07-10\"")]
    [InlineData("infinity", "null")]
    public Task Dates_are_written_as_year_month_day(string sql, string expected) => ExpectAsync($"DATE '{sql}'", RowValueKind.Date, expected);

    [Theory]
    [InlineData("00:00:00", "00:00:00")]
    [InlineData("23:59:59.999999", "23:59:59.999999")]
    [InlineData("07:08:09.5", "07:08:09.5")]
    [InlineData("24:00:00", "00:00:00")]
    public Task Times_are_written_with_the_fraction_they_have(string sql, string expected) => ExpectAsync($"TIME '{sql}'", RowValueKind.TimeOfDay, $"\"{expected}\"");

    [Theory]
    [InlineData("0 days", "PT0S")]
    [InlineData("1 day", "P1D")]
    [InlineData("-36 hours", "-P1DT12H")]
    [InlineData("61 seconds", "PT1M1S")]
    [InlineData("1 day -1 hour", "PT23H")]
    [InlineData("-1 microsecond", "-PT0.000001S")]
    [InlineData("3652058 days 23 hours 59 minutes 59.9 seconds", "P3652058DT23H59M59.9S")]
    public async Task Durations_are_written_in_their_canonical_form(string sql, string expected)
    {
        await ExpectAsync($"INTERVAL '{sql}'", RowValueKind.Duration, $"\"{expected}\"");
        await ExpectAsync(DurationText.Of($"(INTERVAL '{sql}')"), RowValueKind.String, $"\"{expected}\"");
    }

    [Theory]
    [InlineData("'infinity'::TIMESTAMP")]
    [InlineData("'-infinity'::TIMESTAMP")]
    public Task Instants_without_end_are_null(string sql) => ExpectAsync(sql, RowValueKind.DateTime, "null");

    [Theory]
    [InlineData("0.1::DOUBLE", "0.1")]
    [InlineData("1e300::DOUBLE", "1E+300")]
    [InlineData("5e-324::DOUBLE", "5E-324")]
    [InlineData("'nan'::DOUBLE", "\"NaN\"")]
    [InlineData("'inf'::DOUBLE", "\"INF\"")]
    [InlineData("'-inf'::DOUBLE", "\"-INF\"")]
    [InlineData("1.5::FLOAT", "1.5")]
    public Task Doubles_are_written_with_their_shortest_digits(string sql, string expected) => ExpectAsync(sql, RowValueKind.Double, expected);

    [Theory]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("NULL::BOOLEAN", "null")]
    public Task Booleans_are_literals(string sql, string expected) => ExpectAsync(sql, RowValueKind.Boolean, expected);

    private async Task ExpectAsync(string sql, RowValueKind kind, string expected)
    {
        var (json, _) = await _engine.WriteAsync(EngineFixture.Query($"SELECT {sql}", ("v", kind)));

        Assert.Equal($$"""{"v":{{expected}}}""", json);
    }

    public void Dispose() => _engine.Dispose();
}
