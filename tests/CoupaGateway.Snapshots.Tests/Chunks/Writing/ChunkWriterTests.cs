using System.Globalization;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Writing;
using DuckDB.NET.Data;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Snapshots.Tests.Chunks.Writing;

public sealed class ChunkWriterTests : IDisposable
{
    private static readonly TableSchema Table = new()
    {
        Name = "lines",
        Columns =
        [
            new() { Name = "parent", Type = ColumnType.Int64, IsKey = true },
            new() { Name = "id", Type = ColumnType.Int64, IsKey = true },
            new() { Name = "text", Type = ColumnType.String },
            new() { Name = "amount", Type = ColumnType.Decimal },
            new() { Name = "flag", Type = ColumnType.Boolean },
            new() { Name = "at", Type = ColumnType.DateTime },
            new() { Name = "day", Type = ColumnType.Date },
            new() { Name = "never \"set\"", Type = ColumnType.String },
            new() { Name = "stamp", Type = ColumnType.DateTime },
        ],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("chunks").FullName;
    private readonly RowBuffer _rows = new(Table);

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2_048, 3, false)]
    [InlineData(5_000, 3, false)]
    [InlineData(5_000, 3, true)]
    public void Rows_come_back_sorted_and_as_they_were(int rows, int perParent, bool shuffled)
    {
        Fill(Order(rows, shuffled), perParent);
        using var writer = Writer(rowsPerChunk: 1_000);

        var files = writer.Write(_rows, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, rows).Select(i => Expected(i, perParent)), files.SelectMany(Read));
        Assert.Equal(Math.Max(1, rows / 1_000), files.Count);
    }

    [Fact]
    public void Rows_of_one_parent_never_straddle_two_chunks()
    {
        Fill(Order(3_000, shuffled: true), 700);
        using var writer = Writer(rowsPerChunk: 500);

        var files = writer.Write(_rows, TestContext.Current.CancellationToken);

        Assert.Equal([(0L, 0L, 700L), (1, 1, 700), (2, 2, 700), (3, 3, 700), (4, 4, 200)], files.Select(static file => (file.MinKey, file.MaxKey, file.Rows)));
        Assert.Equal(3_000, files.SelectMany(Read).Count());
    }

    [Fact]
    public void A_cleared_or_truncated_buffer_starts_with_nulls_again()
    {
        Fill(Order(100, shuffled: false), 1);
        _rows.Truncate(70);
        for (var i = 70; i < 90; i++)
        {
            var row = _rows.AddRow();
            _rows.SetInt64(0, row, i);
            _rows.SetInt64(1, row, i);
        }

        using var writer = Writer(rowsPerChunk: 1_000);
        var read = writer.Write(_rows, TestContext.Current.CancellationToken).SelectMany(Read).ToArray();

        Assert.Equal(90, read.Length);
        Assert.Equal(Expected(69, 1), read[69]);
        Assert.Equal("70|70|∅|∅|∅|∅|∅|∅|1767225600000000", read[70]);
        _rows.Clear();
        Assert.Empty(writer.Write(_rows, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Overlapping_chunks_are_merged_into_disjoint_ones()
    {
        using var writer = Writer(rowsPerChunk: 400);
        var order = Order(3_000, shuffled: true).ToArray();
        var paths = new List<string>();
        foreach (var part in order.Chunk(500))
        {
            _rows.Clear();
            Fill(part, 3);
            paths.AddRange(writer.Write(_rows, TestContext.Current.CancellationToken).Select(static file => file.Path));
        }

        var merged = writer.Merge(Table, paths, TestContext.Current.CancellationToken).ToArray();

        Assert.Equal(Enumerable.Range(0, 3_000).Select(static i => Expected(i, 3)), merged.SelectMany(Read));
        Assert.InRange(merged.Length, 7, 9);
        Assert.All(Enumerable.Range(1, merged.Length - 1), i => Assert.True(merged[i].MinKey > merged[i - 1].MaxKey));
        Assert.Equal(merged.Select(static file => file.Rows), merged.Select(static file => (long)Read(file).Count));
    }

    [Fact]
    public void Nothing_is_left_on_disk_when_the_writer_is_gone()
    {
        var writer = Writer(rowsPerChunk: 10);
        Fill(Order(100, shuffled: false), 1);
        writer.Write(_rows, TestContext.Current.CancellationToken);
        Assert.NotEmpty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));

        writer.Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_an_error_and_the_writer_goes_on()
    {
        using var writer = Writer(rowsPerChunk: 10);
        Fill(Order(5, shuffled: false), 1);
        Directory.Delete(_folder, recursive: true);

        Assert.Throws<InvalidOperationException>(() => writer.Write(_rows, TestContext.Current.CancellationToken));

        Directory.CreateDirectory(Path.Combine(_folder, writer.Folder));
        Assert.Single(writer.Write(_rows, TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        _rows.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<int> Order(int rows, bool shuffled)
    {
        // A step that has no factor in common with the number of rows meets each once.
        return Enumerable.Range(0, rows).Select(i => shuffled ? (int)(i * 7_919L % rows) : i);
    }

    private static string Text(int i) => i % 2 == 0 ? $"short {i}" : $"a text of more than twelve bytes, ü, {i}";

    private static string Expected(int i, int perParent)
    {
        var amount = i % 7 == 0 ? "∅" : string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "-" : "")}{i}.500000000000");
        return $"{i / perParent}|{i}|{(i % 5 == 0 ? "∅" : Text(i))}|{amount}|{(i % 3 == 0 ? "∅" : i % 2 == 0 ? "true" : "false")}|{i * 1_000_000L}|{i}|∅|1767225600000000";
    }

    private static List<string> Read(ChunkFile file)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $""""
            SELECT "parent"::VARCHAR, "id"::VARCHAR, "text", "amount"::VARCHAR, "flag"::VARCHAR, epoch_us("at")::VARCHAR, ("day" - DATE '1970-01-01')::VARCHAR, "never ""set""", epoch_us("stamp")::VARCHAR
            FROM read_parquet('{file.Path}')
            """";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "∅" : reader.GetString(i))));

        Assert.Equal(file.Rows, rows.Count);
        return rows;
    }

    private void Fill(IEnumerable<int> order, int perParent)
    {
        _rows.SetConstant(8, 1_767_225_600_000_000);
        foreach (var i in order)
        {
            var row = _rows.AddRow();
            _rows.SetInt64(0, row, i / perParent);
            _rows.SetInt64(1, row, i);
            if (i % 5 != 0)
                _rows.SetText(2, row, System.Text.Encoding.UTF8.GetBytes(Text(i)));
            if (i % 7 != 0)
                _rows.SetDecimal(3, row, (i % 2 == 0 ? -1 : 1) * (((Int128)i * 1_000_000_000_000) + 500_000_000_000));
            if (i % 3 != 0)
                _rows.SetBoolean(4, row, i % 2 == 0);
            _rows.SetInstant(5, row, i * 1_000_000L);
            _rows.SetDate(6, row, i);
        }
    }

    private ChunkWriter Writer(int rowsPerChunk) =>
        new(Options.Create(new ChunkWritingOptions { Folder = _folder, RowsPerChunk = rowsPerChunk, RowsPerRowGroup = 2_048 }));
}
