using CoupaGateway.OData.Rows;
using DuckDB.NET.Data;

namespace CoupaGateway.OData.Tests.Rows;

public sealed class QueryEngineTests : IDisposable
{
    /// <summary>Minutes of work that no index or statistics shorten.</summary>
    private const string Endless = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1";

    private readonly EngineFixture _fixture = new();

    private static CancellationToken Stop => EngineFixture.Stop;

    public static TheoryData<string, object?, string> Parameters => new()
    {
        { "$1::VARCHAR", "it's \"quoted\" \0 and 😀", "it's \"quoted\" \0 and 😀" },
        { "$1::VARCHAR", "", "" },
        { "($1::BIGINT)::VARCHAR", long.MinValue, "-9223372036854775808" },
        { "($1::DOUBLE)::VARCHAR", 0.1, "0.1" },
        { "$1::VARCHAR", 79228162514264337593543950335m, "79228162514264337593543950335" },
        { "$1::VARCHAR", -0.0000000000000000000000000001m, "-0.0000000000000000000000000001" },
        { "$1::VARCHAR", 1.50m, "1.50" },
        { "$1::VARCHAR", true, "true" },
        { "$1::VARCHAR", new DateTime(2024, 2, 29, 1, 2, 3, 456, DateTimeKind.Utc), "2024-02-29 01:02:03.456" },
        { "$1::VARCHAR", DateTime.MinValue, "0001-01-01 00:00:00" },
        { "$1::VARCHAR", new DateOnly(1969, 12, 31), "1969-12-31" },
        { "(TIMESTAMP '2024-01-01' + $1)::VARCHAR", new TimeSpan(1, 2, 3, 4, 5), "2024-01-02 02:03:04.005" },
        { "(TIMESTAMP '2024-01-01' + $1)::VARCHAR", TimeSpan.FromHours(-36), "2023-12-30 12:00:00" },
        { "coalesce($1::VARCHAR, 'nothing')", null, "nothing" },
    };

    [Theory]
    [MemberData(nameof(Parameters), DisableDiscoveryEnumeration = true)]
    public async Task A_parameter_arrives_as_it_was_given(string sql, object? value, string expected)
    {
        var query = EngineFixture.Query($"SELECT {sql}", ("v", RowValueKind.String)) with { Parameters = [value] };

        var row = await _fixture.Engine.ReadRowAsync(query, Stop);

        Assert.Equal(expected, Assert.Single(row!.Value));
    }

    [Theory]
    [InlineData("SELECT 9223372036854775807::BIGINT + $1::BIGINT")]
    [InlineData("SELECT (99999999999999999999999999999999999999::DECIMAL(38,0) * $1::DECIMAL(38,0))::BIGINT")]
    [InlineData("SELECT ('x' || $1::VARCHAR)::BIGINT")]
    [InlineData("SELECT regexp_matches('a', repeat('(', $1::BIGINT))::BIGINT")]
    public async Task A_value_that_cannot_be_computed_is_the_callers_mistake(string sql)
    {
        var query = EngineFixture.Query(sql, ("v", RowValueKind.Int64)) with { Parameters = [9L] };

        var refused = await Assert.ThrowsAsync<QueryRejectedException>(async () => await _fixture.Engine.ReadRowAsync(query, Stop));

        Assert.Equal(QueryRejection.InvalidValue, refused.Reason);
        Assert.DoesNotContain("SELECT", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_value_that_cannot_be_computed_is_refused_while_rows_are_read_too()
    {
        // The first rows are fine: the error comes when the reader is half way.
        var query = EngineFixture.Query(
            "SELECT CASE WHEN i < 900000 THEN i ELSE ('x' || i)::BIGINT END FROM range(1000000) t(i)", ("v", RowValueKind.Int64));

        var refused = await Assert.ThrowsAsync<QueryRejectedException>(() => _fixture.WriteAsync(query));

        Assert.Equal(QueryRejection.InvalidValue, refused.Reason);
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_stopped()
    {
        using var fixture = new EngineFixture(static options => options.TimeLimit = TimeSpan.FromMilliseconds(100));

        var refused = await Assert.ThrowsAsync<QueryRejectedException>(
            async () => await fixture.Engine.ReadRowAsync(EngineFixture.Query(Endless, ("n", RowValueKind.Int64)), Stop));

        Assert.Equal(QueryRejection.TimedOut, refused.Reason);
        Assert.Contains("0.1 seconds", refused.Message, StringComparison.Ordinal);
        await AnswersAsync(fixture);
    }

    [Fact]
    public async Task A_caller_who_leaves_stops_the_query()
    {
        using var gone = new CancellationTokenSource();
        var running = Task.Run(
            async () => await _fixture.Engine.ReadRowAsync(EngineFixture.Query(Endless, ("n", RowValueKind.Int64)), gone.Token), Stop);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await AnswersAsync(_fixture);
    }

    [Fact]
    public async Task A_reader_that_is_disposed_early_frees_its_connection()
    {
        using var fixture = new EngineFixture(static options => options.MaxConcurrent = 1);
        for (var i = 0; i < 20; i++)
        {
            using var rows = await fixture.Engine.OpenAsync(
                EngineFixture.Query("SELECT i, 'text ' || i FROM range(10000000) t(i)", ("i", RowValueKind.Int64), ("s", RowValueKind.String)), Stop);
            Assert.True(rows.NextChunk());
        }

        await AnswersAsync(fixture);
    }

    [Fact]
    public async Task A_query_that_needs_too_much_memory_is_refused()
    {
        using var fixture = new EngineFixture(static options => (options.MemoryLimit, options.TempLimit) = (64L << 20, 1 << 20));

        var refused = await Assert.ThrowsAsync<QueryRejectedException>(
            async () => await fixture.Engine.ReadRowAsync(
                EngineFixture.Query("SELECT len(list(hash(i)::VARCHAR || i ORDER BY hash(i))) FROM range(20000000) t(i)", ("n", RowValueKind.Int64)), Stop));

        Assert.Equal(QueryRejection.TooLarge, refused.Reason);
        await AnswersAsync(fixture);
    }

    [Fact]
    public async Task What_does_not_fit_into_memory_spills_to_the_temporary_folder()
    {
        using var fixture = new EngineFixture(static options => options.MemoryLimit = 64L << 20);
        var query = EngineFixture.Query(
            "SELECT s FROM (SELECT hash(i)::VARCHAR || ' and some text to make it longer' AS s FROM range(3000000) t(i)) ORDER BY s", ("s", RowValueKind.String));

        using var rows = await fixture.Engine.OpenAsync(query, Stop);

        long count = 0;
        while (rows.NextChunk())
            count += rows.RowCount;
        Assert.Equal(3_000_000, count);
    }

    [Fact]
    public async Task One_query_too_many_is_told_to_come_back_at_once()
    {
        using var fixture = new EngineFixture(static options => (options.MaxConcurrent, options.MaxQueued) = (1, 0));
        var one = EngineFixture.Query("SELECT 1::BIGINT", ("v", RowValueKind.Int64));
        using (await fixture.Engine.OpenAsync(one, Stop))
        {
            var refused = await Assert.ThrowsAsync<QueryRejectedException>(async () => await fixture.Engine.OpenAsync(one, Stop));
            Assert.Equal(QueryRejection.Busy, refused.Reason);
        }

        await AnswersAsync(fixture);
    }

    [Fact]
    public async Task A_query_waits_for_its_turn_but_not_for_ever()
    {
        using var fixture = new EngineFixture(
            static options => (options.MaxConcurrent, options.MaxQueued, options.QueueTimeout) = (1, 1, TimeSpan.FromMilliseconds(50)));
        var one = EngineFixture.Query("SELECT 1::BIGINT", ("v", RowValueKind.Int64));
        using (await fixture.Engine.OpenAsync(one, Stop))
        {
            var refused = await Assert.ThrowsAsync<QueryRejectedException>(async () => await fixture.Engine.OpenAsync(one, Stop));
            Assert.Equal(QueryRejection.Busy, refused.Reason);
        }

        using var patient = new EngineFixture(
            static options => (options.MaxConcurrent, options.MaxQueued, options.QueueTimeout) = (1, 1, TimeSpan.FromMinutes(5)));
        var first = await patient.Engine.OpenAsync(one, Stop);
        var second = patient.Engine.OpenAsync(one, Stop).AsTask();
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task A_failed_query_gives_its_turn_back()
    {
        using var fixture = new EngineFixture(static options => (options.MaxConcurrent, options.MaxQueued) = (1, 0));
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(
                async () => await fixture.Engine.OpenAsync(EngineFixture.Query("SELECT nonsense", ("v", RowValueKind.Int64)), Stop));
        }

        await AnswersAsync(fixture);
    }

    [Fact]
    public async Task Files_in_the_chunk_folder_can_be_read_in_their_order()
    {
        WriteParquet("b.parquet", "SELECT i FROM range(0, 100000) t(i)");
        WriteParquet("a.parquet", "SELECT i FROM range(100000, 200000) t(i)");
        var query = EngineFixture.Query(
            $"SELECT i FROM read_parquet(['{Path.Combine(_fixture.Folder, "b.parquet")}', '{Path.Combine(_fixture.Folder, "a.parquet")}']) WHERE i >= 500 LIMIT 150000",
            ("i", RowValueKind.Int64));

        using var rows = await _fixture.Engine.OpenAsync(query, Stop);

        long next = 500;
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.RowCount; row++)
                Assert.Equal(next++, rows.Vectors[0].Read<long>(row));
        }

        Assert.Equal(150_500, next);
    }

    [Fact]
    public async Task Files_anywhere_else_cannot_be_read()
    {
        var secret = Directory.CreateTempSubdirectory("rows-secret-").FullName;
        try
        {
            var csv = Path.Combine(secret, "secret.csv");
            await File.WriteAllTextAsync(csv, "a,b\n1,2\n", Stop);
            WriteParquet(Path.Combine(secret, "secret.parquet"), "SELECT 1 AS i");
            var escape = Path.Combine(_fixture.Folder, "..", Path.GetFileName(secret), "secret.csv");
            string[] attempts =
            [
                $"SELECT count(*) FROM read_csv('{csv}')",
                $"SELECT count(*) FROM read_csv('{escape}')",
                $"SELECT count(*) FROM read_text('{csv}')",
                $"SELECT count(*) FROM read_blob('{csv}')",
                $"SELECT count(*) FROM read_json('{csv}')",
                $"SELECT count(*) FROM read_parquet('{Path.Combine(secret, "secret.parquet")}')",
                $"SELECT count(*) FROM '{Path.Combine(secret, "secret.parquet")}'",
                $"SELECT count(*) FROM parquet_metadata('{Path.Combine(secret, "secret.parquet")}')",
                $"SELECT count(*) FROM sniff_csv('{csv}')",
                $"SELECT count(*) FROM glob('{secret}/*')",
                "SELECT count(*) FROM read_csv('https://127.0.0.1:9/x.csv')",
                "SELECT getenv('PATH')",
            ];

            foreach (var attempt in attempts)
            {
                var refused = await Record.ExceptionAsync(
                    async () => Assert.Null(await _fixture.Engine.ReadRowAsync(EngineFixture.Query(attempt, ("n", RowValueKind.Int64)), Stop)));
                Assert.True(refused is InvalidOperationException, $"{attempt}: {refused?.Message}");
            }
        }
        finally
        {
            Directory.Delete(secret, recursive: true);
        }
    }

    [Theory]
    [InlineData("COPY (SELECT 1) TO '{0}/out.csv'")]
    [InlineData("ATTACH '{0}/other.db'")]
    [InlineData("CREATE TABLE t (i INT)")]
    [InlineData("SET threads = 1")]
    [InlineData("RESET enable_external_access")]
    [InlineData("PRAGMA database_list")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("CALL pragma_version()")]
    [InlineData("SELECT 1; SELECT 2")]
    public async Task Only_a_single_select_is_run(string sql)
    {
        var query = EngineFixture.Query(string.Format(sql, _fixture.Folder), ("n", RowValueKind.Int64));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _fixture.Engine.OpenAsync(query, Stop));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.Folder));
    }

    [Theory]
    [InlineData("enable_external_access", "false")]
    [InlineData("lock_configuration", "true")]
    [InlineData("autoload_known_extensions", "false")]
    [InlineData("autoinstall_known_extensions", "false")]
    [InlineData("allow_community_extensions", "false")]
    [InlineData("threads", "2")]
    [InlineData("preserve_insertion_order", "true")]
    public async Task The_configuration_is_what_keeps_the_engine_safe(string setting, string expected)
    {
        var row = await _fixture.Engine.ReadRowAsync(
            EngineFixture.Query($"SELECT current_setting('{setting}')::VARCHAR", ("v", RowValueKind.String)), Stop);

        Assert.Equal(expected, Assert.Single(row!.Value));
    }

    [Fact]
    public void The_configuration_cannot_be_changed_even_by_someone_with_a_connection()
    {
        using var database = new QueryDatabase(new(Threads: 2, MemoryLimit: 64L << 20, TempLimit: 0, _fixture.Folder, Path.Combine(_fixture.Folder, "temp")));
        using var connection = database.Connect();

        string[] attempts = ["SET threads = 1", "SET enable_external_access = true", "RESET lock_configuration", "SET allowed_directories = ['/']", "SET temp_directory = '/tmp/x'"];
        foreach (var attempt in attempts)
        {
            var state = DuckDB.NET.Native.NativeMethods.Query.DuckDBQuery(connection, attempt, out var result);
            DuckDB.NET.Native.NativeMethods.Query.DuckDBDestroyResult(ref result);
            Assert.Equal(DuckDB.NET.Native.DuckDBState.Error, state);
        }
    }

    private void WriteParquet(string name, string select)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({select}) TO '{Path.Combine(_fixture.Folder, name)}' (FORMAT parquet)";
        command.ExecuteNonQuery();
    }

    private static async Task AnswersAsync(EngineFixture fixture)
    {
        var row = await fixture.Engine.ReadRowAsync(EngineFixture.Query("SELECT 42::BIGINT", ("v", RowValueKind.Int64)), Stop);
        Assert.Equal(42L, Assert.Single(row!.Value));
    }

    public void Dispose() => _fixture.Dispose();
}
