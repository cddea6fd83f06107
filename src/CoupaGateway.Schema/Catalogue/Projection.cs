using System.Text.Json;
using System.Text.Json.Nodes;

namespace CoupaGateway.Schema.Catalogue;

/// <summary>
/// Builds the value of the <c>fields</c> query parameter (Coupa API, "Query options"): it asks for what the tables take and nothing else,
/// so that a customer's default filter cannot change what a load sees. Hyphens become underscores, the documented form of arguments.
/// </summary>
/// <remarks>
/// A URL of more than about 8 KB fails, and some records have more names than fit. Objects are then asked for as a whole, as in
/// <c>{"custom_fields":{}}</c>: those first that cost the fewest unwanted fields for each character saved. See
/// <c>docs/decisions/0002-projections-that-fit-a-url.md</c>.
/// </remarks>
internal static class Projection
{
    /// <summary>Characters that the projection may take when it is encoded: what the gateway lets a URL have (8,000) less the rest of the longest request.</summary>
    public const int MaxEncodedLength = 7_600;

    /// <param name="className">Class of the records; null for a resource that the catalogue does not know.</param>
    /// <param name="maxEncodedLength">Above this length objects are asked for as a whole.</param>
    public static string For(
        TableSchema root, IReadOnlyCollection<TableSchema> family, string? className, CatalogueData data, int maxEncodedLength = MaxEncodedLength)
    {
        var tree = ProjectionNode.Root(className, data);
        AddTable(tree, root, family);
        Shorten(tree, maxEncodedLength);
        return ToJson(tree).ToJsonString(JsonSerializerOptions.Default);
    }

    private static void AddTable(ProjectionNode node, TableSchema table, IReadOnlyCollection<TableSchema> family)
    {
        foreach (var column in table.Columns.Where(static column => column.Kind == ColumnKind.Field))
        {
            node.Add(column.Path.AsSpan());
        }

        foreach (var child in family.Where(child => child.Parent == table.Name))
        {
            AddTable(node.Add(child.NestedPath.AsSpan()), child, family);
        }
    }

    private static void Shorten(ProjectionNode tree, int maxEncodedLength)
    {
        while (tree.ListLength > maxEncodedLength && tree.Objects().Where(static node => node.Saving > 0).MinBy(static node => node.Cost / node.Saving) is { } cheapest)
        {
            cheapest.IsWhole = true;
        }

        // The last step may have saved more than was needed: name again what fits, the costliest first.
        foreach (var node in tree.Objects(wholeOnes: true).OrderByDescending(static node => node.Cost).ToArray())
        {
            node.IsWhole = false;
            node.IsWhole = tree.ListLength > maxEncodedLength;
        }
    }

    private static JsonArray ToJson(ProjectionNode node)
    {
        var array = new JsonArray();
        foreach (var (name, child) in node.Children)
        {
            array.Add(child switch
            {
                { Children.Count: 0 } => JsonValue.Create(name),
                { IsWhole: true } => new JsonObject { [name] = new JsonObject() },
                _ => new JsonObject { [name] = ToJson(child) },
            });
        }

        return array;
    }
}
