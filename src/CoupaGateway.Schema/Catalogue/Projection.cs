using System.Text.Json;
using System.Text.Json.Nodes;

namespace CoupaGateway.Schema.Catalogue;

/// <summary>
/// Builds the value of the <c>fields</c> query parameter (Coupa API, "Query options"): it asks for what the tables take and nothing else,
/// so that a customer's default filter cannot change what a load sees. Hyphens become underscores, the documented form of arguments.
/// </summary>
internal static class Projection
{
    public static string For(TableSchema root, IReadOnlyCollection<TableSchema> family)
    {
        var tree = new Node();
        AddTable(tree, root, family);
        return ToJson(tree).ToJsonString(JsonSerializerOptions.Default);
    }

    private static void AddTable(Node node, TableSchema table, IReadOnlyCollection<TableSchema> family)
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

    private static JsonArray ToJson(Node node)
    {
        var array = new JsonArray();
        foreach (var (name, child) in node.Children)
        {
            array.Add(child.Children.Count == 0 ? JsonValue.Create(name) : new JsonObject { [name] = ToJson(child) });
        }

        return array;
    }

    private sealed class Node
    {
        public OrderedDictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public Node Add(ReadOnlySpan<string> path)
        {
            var node = this;
            foreach (var key in path)
            {
                var name = key.Replace('-', '_');
                if (!node.Children.TryGetValue(name, out var child))
                {
                    child = new Node();
                    node.Children.Add(name, child);
                }

                node = child;
            }

            return node;
        }
    }
}
