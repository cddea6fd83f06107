using CoupaGateway.Schema.Catalogue;

namespace CoupaGateway.Schema.Tests.Catalogue;

/// <summary>What each Coupa release has of the catalogue, derived here from the classes' fields once more.</summary>
public sealed class ReleaseTests
{
    public static TheoryData<string> Releases { get; } = [.. CatalogueData.Instance.Classes.Values.SelectMany(static fields => fields)
        .Select(static field => field.Since).OfType<string>().Append("R21").Append("R46").Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Releases))]
    public void A_release_has_the_fields_that_were_there_by_then(string release)
    {
        Assert.True(CoupaRelease.TryParse(release, out var parsed));
        var schema = BuiltInCatalogue.Build(parsed);
        var data = CatalogueData.Instance;
        foreach (var root in data.Tables)
        {
            AssertFields(schema, root.Table, root.Class, parsed);
            foreach (var nested in root.Nested)
                AssertFields(schema, nested.Table, nested.Class, parsed);
        }
    }

    [Fact]
    public void Later_columns_are_not_asked_for_before()
    {
        var newest = BuiltInCatalogue.Build(CoupaRelease.Newest);
        var oldest = BuiltInCatalogue.Build(CoupaRelease.Oldest);
        var later = newest.Tables.SelectMany(static table => table.Columns.Where(static column => column.Since is not null).Select(column => (table, column))).ToArray();
        Assert.True(later.Length > 100, $"{later.Length} columns came later.");
        foreach (var (table, column) in later)
        {
            Assert.True(oldest.TryGetTable(table.Name, out var old));
            Assert.DoesNotContain(old.Columns, one => one.Path.SequenceEqual(column.Path));
        }
    }

    private static void AssertFields(SchemaRevision schema, string name, string className, CoupaRelease release)
    {
        Assert.True(schema.TryGetTable(name, out var table), name);
        var has = table.Columns.Where(static column => column.Kind == ColumnKind.Field).ToDictionary(static column => string.Join('/', column.Path));
        var expected = new HashSet<string>();
        var own = CatalogueData.Instance.Classes[className].Where(field => IsThere(field, release)).ToList();
        foreach (var field in own)
            expected.UnionWith(Paths(field, release));

        // What the record says itself of an object (supplier-id) stands for what the object says (supplier/id).
        expected.RemoveWhere(path => path.Contains('/', StringComparison.Ordinal) && own.Exists(field => field.Type is not ("object" or "change" or "array") && field.Name == path.Replace('/', '-')));
        Assert.Equal(expected.Order(StringComparer.Ordinal), has.Keys.Order(StringComparer.Ordinal));
        foreach (var field in own.Where(field => has.ContainsKey(field.Name)))
        {
            Assert.Equal(ClassColumns.TypeOf(field.Type), has[field.Name].Type);
            Assert.Equal(field.Values.AsEnumerable(), has[field.Name].AllowedValues);
            Assert.Equal(field.Name.Replace('-', '_').Replace("?", "_flag", StringComparison.Ordinal), has[field.Name].Name);
        }
    }

    private static IEnumerable<string> Paths(FieldDefinition field, CoupaRelease release) => field.Type switch
    {
        "array" => [],
        "object" => References(field.Class, release).Select(name => $"{field.Name}/{name}"),
        "change" when field.Of == "array" => [],
        "change" when field.Of == "object" => from side in (string[])["from", "to"] from name in References(field.Class, release) select $"{field.Name}/{side}/{name}",
        "change" => [$"{field.Name}/from", $"{field.Name}/to"],
        _ => [field.Name],
    };

    private static IEnumerable<string> References(string? className, CoupaRelease release) => className is null
        ? []
        : CatalogueData.Instance.References[className].Where(name => IsThere(CatalogueData.Instance.Classes[className].Single(field => field.Name == name), release));

    private static bool IsThere(FieldDefinition field, CoupaRelease release) =>
        field is { WriteOnly: false, Credential: false } && (field.Since is null || int.Parse(field.Since.AsSpan(1)) <= release.Number);
}
