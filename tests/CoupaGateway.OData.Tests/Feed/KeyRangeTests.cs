using System.Globalization;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Model;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CsCheck;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>A filter on the first key column leaves out chunks, and never a row.</summary>
public sealed class KeyRangeTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    private static readonly string[] Comparisons = ["eq", "ne", "gt", "ge", "lt", "le"];
    private static readonly string[] Numbers = ["0", "1", "42", "42.0", "42.5", "-3", "125", "250", "251", "1e2", "9223372036854775807", "-9223372036854775808", "null", "99999999999999999999.5"];
    private static readonly string[] Others = ["a eq 2", "b eq null", "contains(b,'v')", "d", "id mod 7 eq 3", "id eq a", "false", "true"];

    private static readonly Gen<string> Term = Gen.OneOf(
        Gen.Select(Pick(Comparisons), Pick(Numbers), Gen.Bool, static (operation, number, mirrored) => mirrored ? $"{number} {operation} id" : $"id {operation} {number}"),
        Gen.Int[-5, 260].Array[1, 6].Select(static values => $"id in ({string.Join(',', values)})"),
        Gen.Int[0, 260].Select(static first => $"(id ge {first} and id lt {first + 9})"),
        Pick(Others));

    private static readonly Gen<string> Filter = Gen.Recursive<string>((depth, inner) => depth > 3
        ? Term
        : Gen.Frequency(
            (3, Term),
            (2, Gen.Select(inner, inner, static (left, right) => $"({left} and {right})")),
            (2, Gen.Select(inner, inner, static (left, right) => $"({left} or {right})")),
            (1, inner.Select(static operand => $"not ({operand})"))));

    [Fact]
    public async Task Rows_and_counts_are_those_of_a_query_that_reads_every_chunk()
    {
        await feed.LoadAsync(TestTables.Values, TestTables.ValueRows, chunkRows: 7);
        await Gen.Select(Filter, Pick("id", "id desc", "a,id")).SampleAsync(
            async input =>
            {
                // Beside a condition on another column, "or" allows every key: the second query reads all chunks.
                var (pruned, whole) = (Uri.EscapeDataString(input.Item1), Uri.EscapeDataString($"({input.Item1}) or a eq 4711"));
                var expected = await feed.IdsAsync($"values?$select=id&$orderby={input.Item2}&$filter={whole}");
                Assert.Equal(expected, await feed.IdsAsync($"values?$select=id&$orderby={input.Item2}&$filter={pruned}"));
                Assert.Equal(expected, await feed.IdsAsync($"values?$select=id&$orderby={input.Item2}&$filter={pruned}", pageSize: 40));
                using var count = await feed.GetAsync($"values/$count?$filter={pruned}");
                Assert.Equal(expected.Count.ToString(CultureInfo.InvariantCulture), await count.Content.ReadAsStringAsync(FeedFixture.Stop));
            },
            iter: 150,
            threads: 1);
    }

    [Theory]
    [InlineData("id eq 42", "42")]
    [InlineData("42 eq id and a eq 1", "42")]
    [InlineData("id gt 3 and 7 gt id", "4 5 6")]
    [InlineData("id ge 3 and id le 5", "3 4 5")]
    [InlineData("id gt 3.5 and id lt 5.5", "4 5")]
    [InlineData("id le @three and @two eq null", "0 1 2 3")]
    [InlineData("id eq 3.5", "")]
    [InlineData("id in (9,3,3)", "3 9")]
    [InlineData("id eq 1 or id eq 9 or id in (4)", "1 4 9")]
    [InlineData("id lt 3 and id gt 7", "")]
    [InlineData("id le 1 or id ge 9", "0 1 9")]
    [InlineData("id eq 1 or a eq 1", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("not (id eq 1)", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("id ne 1", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("id add 1 eq 3", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("id lt 9223372036854775807 and id ge -9223372036854775808", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("id gt 9223372036854775807", "")]
    public void The_keys_that_a_filter_allows(string filter, string keys)
    {
        var model = new FeedModelCache(Options.Create(new FeedOptions())).Get(TestTables.Schema);
        var set = model.Edm.EntityContainer.FindEntitySet("values");
        var query = QueryOptionSet.Parse("@three=3&$filter=" + Uri.EscapeDataString(filter));
        var parser = new QueryOptionParser(model, new FeedOptions(), query, set.EntityType, set, query.Expressions);
        var clause = parser.ParseFilter();

        var allowed = new KeyRangeReader(TestTables.Values, parser.ParameterAlias).Read(clause!.Expression);

        Assert.Equal(keys, string.Join(' ', Enumerable.Range(0, 10).Where(key => allowed.Contains(key)).Concat(keys == "42" && allowed.Contains(42) ? [42] : [])));
    }

    [Fact]
    public void Sets_of_keys_behave_as_sets() => Gen.Select(Gen.Int[-9, 9].Array[0, 4], Gen.Int[-9, 9].Array[0, 4], Gen.Int[-9, 9], Gen.Int[0, 3]).Sample(input =>
    {
        var (left, right) = (Set(input.Item1), Set(input.Item2));
        var (both, any) = (left.And(right), KeyRanges.Any([left, right]));
        for (var key = -12; key <= 16; key++)
        {
            Assert.Equal(left.Contains(key) && right.Contains(key), both.Contains(key));
            Assert.Equal(left.Contains(key) || right.Contains(key), any.Contains(key));
        }

        var (first, last) = (input.Item3, input.Item3 + input.Item4);
        Assert.Equal(Enumerable.Range(first, last - first + 1).Any(key => any.Contains(key)), any.Meets(first, last));

        static KeyRanges Set(int[] starts) => KeyRanges.Any(starts.Select(static start => KeyRanges.Between(start, start + (Math.Abs(start) % 4))));
    });

    [Fact]
    public async Task Chunks_beside_the_keys_asked_for_are_not_opened()
    {
        await feed.LoadAsync(TestTables.Unloaded, "SELECT i, 'name ' || i FROM range(1, 101) r(i)", chunkRows: 10);
        var chunks = feed.Catalog.FindCurrent(new("demo", "suppliers"))!.Chunks;
        foreach (var chunk in chunks.Where(static chunk => chunk.MinKey is not (31 or 71)))
            feed.Lose(chunk.Hash);

        Assert.Equal([35, 77], await feed.IdsAsync("suppliers?$filter=id in (35,77)&$orderby=name"));
        Assert.Equal([71, 72], await feed.IdsAsync("suppliers?$filter=id gt 70 and id lt 73 and contains(name,'7')"));
        using var count = await feed.GetAsync("suppliers/$count?$filter=id ge 31 and id le 40");
        Assert.Equal("10", await count.Content.ReadAsStringAsync(FeedFixture.Stop));
        using var all = await feed.GetAsync("suppliers?$filter=name eq 'name 35'");
        Assert.Equal(503, (int)all.StatusCode);
    }

    private static Gen<string> Pick(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
