using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Replacing;
using CoupaGateway.Snapshots.Chunks.Writing;
using DuckDB.NET.Data;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Snapshots.Tests.Chunks.Replacing;

public sealed class ChunkReplacerTests : IDisposable
{
    private static readonly TableSchema Lines = new()
    {
        Name = "lines",
        Columns =
        [
            new() { Name = "parent", Type = ColumnType.Int64, IsKey = true, Kind = ColumnKind.AncestorKey, Ancestor = "orders" },
            new() { Name = "id", Type = ColumnType.Int64, IsKey = true },
            new() { Name = "a \"text\"", Type = ColumnType.String },
            new() { Name = "amount", Type = ColumnType.Decimal },
            new() { Name = "_changed_at", Type = ColumnType.DateTime, Kind = ColumnKind.ChangedAt },
        ],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("replace").FullName;
    private readonly ChunkWriter _writer;
    private readonly IChunkReplacer _replacer;

    public ChunkReplacerTests()
    {
        _writer = new ChunkWriter(Options.Create(new ChunkWritingOptions { Folder = _folder, RowsPerChunk = 40, RowsPerRowGroup = 2_048 }));
        _replacer = _writer.Replace(Lines);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Children_are_replaced_as_a_set_and_rows_of_other_parents_stay()
    {
        var old = Write(new(1, 1, "a", 1), new(1, 2, "b", 1), new(2, 1, "c", 1), new(3, 1, "d", 1));
        var fresh = Write(new(1, 2, "b", 5), new(1, 3, "new", 5), new(2, 1, "changed", 5));

        var result = _replacer.Replace(new RangeReplacement { Old = old, New = fresh, Roots = [1, 2, 4] }, Token);

        Assert.Equal((1, 1), (result.Added, result.Updated));
        Assert.Equal(["""{"parent":1,"id":1}"""], result.Deleted);
        Assert.Equal([new(1, 2, "b", 1), new(1, 3, "new", 5), new(2, 1, "changed", 5), new(3, 1, "d", 1)], Read(result.Files!));
    }

    [Fact]
    public void What_is_read_again_without_a_difference_leaves_the_files_as_they_are()
    {
        var old = Write(new(1, 1, null, 1), new(2, 1, "c", 1));

        Assert.Same(ReplacedRange.Unchanged, _replacer.Replace(new RangeReplacement { Old = old, New = Write(new Row(1, 1, null, 5)), Roots = [1, 9] }, Token));
        Assert.Same(ReplacedRange.Unchanged, _replacer.Replace(new RangeReplacement { Old = old, New = [], Roots = [7] }, Token));
        Assert.NotNull(_replacer.Replace(new RangeReplacement { Old = old, New = [], Roots = [], Rewrite = true }, Token).Files);
    }

    [Fact]
    public void A_null_is_no_text_and_a_text_is_no_null()
    {
        var result = _replacer.Replace(
            new RangeReplacement { Old = Write(new(1, 1, null, 1), new(1, 2, "", 1)), New = Write(new(1, 1, "", 5), new(1, 2, null, 5)), Roots = [1] }, Token);

        Assert.Equal([new(1, 1, "", 5), new(1, 2, null, 5)], Read(result.Files!));
    }

    [Fact]
    public void Only_new_rows_within_the_range_are_taken_and_all_of_it_is_replaced_without_roots()
    {
        var old = Write(new(5, 1, "a", 1), new(6, 1, "gone", 1));
        var fresh = Write(new(4, 1, "below", 5), new(5, 1, "a", 5), new(7, 1, "new", 5), new(9, 1, "above", 5));

        var result = _replacer.Replace(new RangeReplacement { First = 5, Last = 8, Old = old, New = fresh }, Token);

        Assert.Equal([new(5, 1, "a", 1), new(7, 1, "new", 5)], Read(result.Files!));
        Assert.Equal(["""{"parent":6,"id":1}"""], result.Deleted);
    }

    [Fact]
    public void A_range_without_rows_left_gives_no_file()
    {
        var result = _replacer.Replace(new RangeReplacement { Old = Write(new Row(1, 1, "a", 1)), New = [], Roots = [1] }, Token);

        Assert.Empty(result.Files!);
        Assert.Single(result.Deleted);
    }

    [Fact]
    public void Any_replacement_gives_what_a_plain_one_gives_in_files_cut_between_parents()
    {
        var random = new Random(11);
        for (var round = 0; round < 25; round++)
        {
            var before = Rows(random, 1);
            var after = Rows(random, 5);
            HashSet<long> roots = [.. after.Select(static row => row.Parent), .. before.Select(static row => row.Parent).Where(_ => random.Next(6) == 0)];

            var result = _replacer.Replace(new RangeReplacement { Old = Write([.. before]), New = Write([.. after]), Roots = roots, Rewrite = true }, Token);

            var known = before.ToDictionary(static row => (row.Parent, row.Id));
            var expected = before.Where(row => !roots.Contains(row.Parent))
                .Concat(after.Select(row => known.TryGetValue((row.Parent, row.Id), out var same) && same.Text == row.Text ? same : row))
                .OrderBy(static row => row.Parent).ThenBy(static row => row.Id).ToArray();
            Assert.Equal(expected, Read(result.Files!));
            Assert.Equal(before.Where(row => roots.Contains(row.Parent)).Select(static row => (row.Parent, row.Id)).Except(after.Select(static row => (row.Parent, row.Id))).Count(), result.Deleted.Count);
            Assert.All(result.Files!.Zip(result.Files!.Skip(1)), static pair => Assert.True(pair.First.MaxKey < pair.Second.MinKey));
            Assert.Equal(expected.Select(static row => row.Parent).Distinct(), _replacer.ReadRootKeys([.. result.Files!.Select(static file => file.Path)], Token));
        }
    }

    public void Dispose()
    {
        _replacer.Dispose();
        _writer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static List<Row> Rows(Random random, long changedAt) =>
    [
        .. Enumerable.Range(0, random.Next(40)).Select(_ => (Parent: random.NextInt64(-5, 25), Ids: Enumerable.Range(1, random.Next(6)))).DistinctBy(static parent => parent.Parent)
            .SelectMany(parent => parent.Ids.Select(id => new Row(parent.Parent, id, random.Next(3) switch { 0 => null, 1 => "text", _ => "another text, a longer one" }, changedAt))),
    ];

    private List<string> Write(params Row[] rows)
    {
        using var buffer = new RowBuffer(Lines);
        foreach (var row in rows)
        {
            var index = buffer.AddRow();
            buffer.SetInt64(0, index, row.Parent);
            buffer.SetInt64(1, index, row.Id);
            if (row.Text is not null)
                buffer.SetText(2, index, System.Text.Encoding.UTF8.GetBytes(row.Text));

            buffer.SetInstant(4, index, row.ChangedAt);
        }

        return [.. _writer.Write(buffer, Token).Select(static file => file.Path)];
    }

    private static List<Row> Read(IReadOnlyList<ChunkFile> files)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var rows = new List<Row>();
        foreach (var file in files)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $""""SELECT "parent", "id", "a ""text""", epoch_us("_changed_at") FROM read_parquet('{file.Path}')"""";
            using var reader = command.ExecuteReader();
            var before = rows.Count;
            while (reader.Read())
                rows.Add(new Row(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetInt64(3)));

            Assert.Equal((file.Rows, file.MinKey, file.MaxKey), (rows.Count - before, rows[before].Parent, rows[^1].Parent));
        }

        return rows;
    }

    private sealed record Row(long Parent, long Id, string? Text, long ChangedAt);
}
