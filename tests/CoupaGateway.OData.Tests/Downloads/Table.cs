using System.Globalization;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using CoupaGateway.OData.Tests.Feed;
using DuckDB.NET.Data;

namespace CoupaGateway.OData.Tests.Downloads;

/// <summary>Columns and rows as one reader or the other understands them, all values as the feed's JSON would write them.</summary>
internal sealed record Table(string[] Columns, List<string?[]> Rows)
{
    /// <summary>All pages of a query, for comparison.</summary>
    public static async Task<Table> FromJsonAsync(FeedFixture feed, string path)
    {
        var rows = new List<string?[]>();
        string[] columns = [];
        for (var next = path; next is not null;)
        {
            var page = await feed.JsonAsync(next, ("Accept", "application/json;odata.metadata=none"));
            foreach (var row in page.GetProperty("value").EnumerateArray())
            {
                columns = [.. row.EnumerateObject().Select(static property => property.Name)];
                rows.Add([.. row.EnumerateObject().Select(static property => property.Value.ValueKind switch
                {
                    JsonValueKind.Null => null,
                    JsonValueKind.String => property.Value.GetString(),
                    _ => property.Value.GetRawText(),
                })]);
            }

            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        return new(columns, rows);
    }

    /// <summary>A strict reader of RFC 4180 that knows a quoted empty field from nothing at all.</summary>
    public static Table FromCsv(byte[] bytes)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        var lines = new List<string?[]>();
        var (at, fields) = (0, new List<string?>());
        while (at < text.Length)
        {
            var field = new StringBuilder();
            var quoted = text[at] == '"';
            if (quoted)
            {
                for (at++; text[at] != '"' || text[at + 1] == '"'; at++)
                {
                    field.Append(text[at]);
                    if (text[at] == '"')
                        at++;
                }

                at++;
            }
            else
            {
                for (; text[at] is not (',' or '\r'); at++)
                {
                    Assert.NotEqual('"', text[at]);
                    Assert.NotEqual('\n', text[at]);
                    field.Append(text[at]);
                }
            }

            fields.Add(quoted || field.Length > 0 ? field.ToString() : null);
            if (text[at] == ',')
            {
                at++;
                continue;
            }

            Assert.Equal("\r\n", text.Substring(at, 2));
            at += 2;
            lines.Add([.. fields]);
            fields.Clear();
        }

        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        return new(lines[0]!, lines[1..]);
    }

    public static async Task<Table> FromArrowAsync(byte[] bytes)
    {
        using var reader = new ArrowStreamReader(new MemoryStream(bytes));
        var rows = new List<string?[]>();
        while (await reader.ReadNextRecordBatchAsync(FeedFixture.Stop) is { } batch)
        {
            using (batch)
            {
                for (var row = 0; row < batch.Length; row++)
                    rows.Add([.. batch.Arrays.Select(array => Text(array, row))]);
            }
        }

        return new([.. reader.Schema.FieldsList.Select(static field => field.Name)], rows);
    }

    public static async Task<Table> FromParquetAsync(byte[] bytes)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, bytes, FeedFixture.Stop);
            await using var connection = new DuckDBConnection("DataSource=:memory:");
            await connection.OpenAsync(FeedFixture.Stop);
            var columns = await ReadAsync(connection, $"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('{path}'))");

            // An instant with a zone is asked for in microseconds: to show it, DuckDB would need an extension.
            var list = string.Join(", ", columns.Select(static column => column[1] switch
            {
                "TIMESTAMP WITH TIME ZONE" => $"'@' || epoch_us(\"{column[0]}\")",
                var type when type!.StartsWith("DECIMAL", StringComparison.Ordinal) => $"rtrim(rtrim(CAST(\"{column[0]}\" AS VARCHAR), '0'), '.')",
                "TIMESTAMP" => "'an instant without a zone'",
                _ => $"CAST(\"{column[0]}\" AS VARCHAR)",
            }));
            var rows = await ReadAsync(connection, $"SELECT {list} FROM read_parquet('{path}')");
            foreach (var row in rows)
            {
                for (var column = 0; column < row.Length; column++)
                {
                    if (row[column] is ['@', .. var micros])
                        row[column] = Instant(long.Parse(micros, CultureInfo.InvariantCulture));
                }
            }

            return new([.. columns.Select(static column => column[0]!)], rows);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<List<string?[]>> ReadAsync(DuckDBConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(FeedFixture.Stop);
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(FeedFixture.Stop))
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? null : reader.GetString(column))]);
        return rows;
    }

    private static string? Text(IArrowArray array, int row) => array switch
    {
        _ when array.IsNull(row) => null,
        StringArray texts => texts.GetString(row),
        Int64Array numbers => numbers.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
        Decimal128Array decimals => decimals.GetString(row) is var digits && digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits,
        BooleanArray flags => flags.GetValue(row)!.Value ? "true" : "false",
        TimestampArray instants => Instant(instants.GetValue(row)!.Value),
        Time64Array times => new TimeOnly(times.GetValue(row)!.Value * TimeSpan.TicksPerMicrosecond).ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DurationArray spans => System.Xml.XmlConvert.ToString(TimeSpan.FromMicroseconds(spans.GetValue(row)!.Value)),
        Date32Array dates => dates.GetDateTimeOffset(row)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"Nobody expects a {array.GetType().Name}."),
    };

    private static string Instant(long micros)
    {
        var text = DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);
        return text + "Z";
    }
}
