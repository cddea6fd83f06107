using System.Text;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Observing;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Sync.Tests.Observing;

/// <summary>What the flattener notes of keys that no column of the catalogue's suppliers takes.</summary>
public sealed class KeyObserverTests
{
    private static readonly SchemaRevision Schema = BuiltInCatalogue.Build(CoupaRelease.Newest, ["suppliers"]);

    [Theory]
    [InlineData("1", ValueKinds.Integer)]
    [InlineData("-12", ValueKinds.Integer)]
    [InlineData("1.5", ValueKinds.Decimal)]
    [InlineData("1e3", ValueKinds.Decimal)]
    [InlineData("12345678901234567890", ValueKinds.Decimal)]
    [InlineData("\"567.07\"", ValueKinds.Decimal)]
    [InlineData("\"-0.5\"", ValueKinds.Decimal)]
    [InlineData("\"007.5\"", ValueKinds.Text)]
    [InlineData("\"12\"", ValueKinds.Text)]
    [InlineData("\"\"", ValueKinds.Text)]
    [InlineData("true", ValueKinds.Boolean)]
    [InlineData("\"2026-01-31\"", ValueKinds.Date)]
    [InlineData("\"2026-01-31T10:00:00-08:00\"", ValueKinds.DateTime)]
    [InlineData("\"2026-02-31\"", ValueKinds.Text)]
    [InlineData("[1]", ValueKinds.Array)]
    [InlineData("{\"a\":{}}", ValueKinds.Object)]
    public void A_value_has_a_kind(string json, ValueKinds kind)
    {
        var seen = Assert.Single(Look($$$"""[{"id":1,"custom-fields":{"x":{{{json}}}}}]""").Keys, static key => key.Path is ["custom_fields", "x"]);

        Assert.Equal((kind, 1L), (seen.Kinds, seen.Count));
    }

    [Fact]
    public void Nulls_say_that_a_key_is_there_and_nothing_of_its_type()
    {
        var seen = Assert.Single(Look("""[{"id":1,"custom-fields":{"x":null}},{"id":2,"custom-fields":{"x":3}},{"id":3,"custom-fields":{}}]""").Keys);

        Assert.Equal((ValueKinds.Integer, 1L), (seen.Kinds, seen.Count));
    }

    [Fact]
    public void Keys_are_found_at_the_root_in_objects_and_in_elements_of_nested_tables_whatever_their_spelling()
    {
        var run = Look("""
            [{"id":1,"legacy-code":"a","custom-fields":{"owner":{"login":"jane"}},"supplier-addresses":[{"id":5,"custom-fields":{"dock":7}}]},
             {"id":2,"legacy_code":"b","custom_fields":{"owner":{"login":"joe"}}}]
            """);

        var seen = run.Keys.ToDictionary(static key => $"{key.Table}:{string.Join('.', key.Path)}", static key => (key.Kinds, key.Count));
        Assert.Equal((ValueKinds.Text, 2L), seen["suppliers:legacy_code"]);
        Assert.Equal((ValueKinds.Text, 2L), seen["suppliers:custom_fields.owner.login"]);
        Assert.Equal((ValueKinds.Object, 2L), seen["suppliers:custom_fields.owner"]);
        Assert.Equal((ValueKinds.Integer, 1L), seen["suppliers_supplier_addresses:custom_fields.dock"]);
    }

    [Fact]
    public void What_the_catalogue_knows_is_no_news_and_does_not_count()
    {
        var known = ClassesOf("suppliers").Select(static (name, i) => $"\"{name}\":{i}");
        var news = Enumerable.Range(0, KeyObserver.MostOfTable).Select(static i => $"\"own-{i}\":{i}");
        var run = Look($$"""[{"id":1,{{string.Join(',', known.Concat(news))}}}]""");

        Assert.Equal(KeyObserver.MostOfTable, run.Keys.Length);
        Assert.Equal(0, run.Overflow);
        Assert.Equal(1, Look($$"""[{"id":1,{{string.Join(',', news.Append("\"one-more\":1"))}}}]""").Overflow);
    }

    [Fact]
    public void Keys_that_are_no_names_are_counted_only()
    {
        var run = Look($$$"""[{"id":1,"custom-fields":{"{{{new string('x', 200)}}}":1,"":2,"a\u0000b":3,"fine":4}}]""");

        Assert.Equal(["fine"], run.Keys.Select(static key => key.Path[^1]));
        Assert.Equal(3, run.Overflow);
    }

    private static IEnumerable<string> ClassesOf(string table)
    {
        Assert.True(Schema.TryGetTable(table, out var found));
        return found.Columns.Where(static column => column.Path.Length == 1 && column.Path[0] != "id").Select(static column => column.Path[0]);
    }

    private static RunObservations Look(string json)
    {
        var family = Schema.Family("suppliers");
        var observer = new KeyObserver();
        using var pseudonyms = new Pseudonymizer(family, PseudonymSecrets.None);
        using var flattener = new Flattener(FlattenPlan.Compile(family, pseudonyms), DateTimeOffset.UnixEpoch, observer);
        flattener.Add(Encoding.UTF8.GetBytes(json));
        return observer.ToObservations();
    }
}
