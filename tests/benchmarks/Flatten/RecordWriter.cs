using System.Collections.Immutable;
using System.Text.Json;
using CoupaGateway.Schema;

namespace CoupaGateway.Benchmarks.Flatten;

/// <summary>
/// Makes records as Coupa sends them, with every field of the catalogue's tables: hyphenated keys, decimals as texts, instants with an offset,
/// references as objects. Two of five fields are null, as in a tenant that uses a part of Coupa.
/// </summary>
internal sealed class RecordWriter(ImmutableArray<TableSchema> family, IReadOnlyDictionary<string, int> elements)
{
    private static readonly string[] Words = ["approved", "Acme Industrial Supplies", "Net 30", "EUR", "Office chairs, blue, with arm rests", "purchasing@example.com", "10-4711-000"];

    private readonly Dictionary<string, Node> _roots = family.ToDictionary(static table => table.Name, Node.Of);

    public byte[] WritePage(long firstId, int records)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            for (var id = firstId; id < firstId + records; id++)
                WriteElement(json, family[0], id);

            json.WriteEndArray();
        }

        return buffer.ToArray();
    }

    private void WriteElement(Utf8JsonWriter json, TableSchema table, long id)
    {
        json.WriteStartObject();
        WriteFields(json, _roots[table.Name], id);
        foreach (var nested in family.Where(nested => nested.Parent == table.Name))
        {
            json.WriteStartArray(nested.NestedPath[0]);
            for (var i = 0; i < elements.GetValueOrDefault(nested.Name); i++)
                WriteElement(json, nested, (id * 10) + i);

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, Node node, long id)
    {
        foreach (var (key, child) in node.Children)
        {
            json.WritePropertyName(key);
            if (child.Column is null)
            {
                json.WriteStartObject();
                WriteFields(json, child, id);
                json.WriteEndObject();
            }
            else
            {
                WriteValue(json, child, id);
            }
        }
    }

    private static void WriteValue(Utf8JsonWriter json, Node node, long id)
    {
        var column = node.Column!;
        if (column.Name == "id")
        {
            json.WriteNumberValue(id);
            return;
        }

        if (node.Number % 5 is 1 or 3)
        {
            json.WriteNullValue();
            return;
        }

        var seed = (id * 31) + node.Number;
        switch (column.Type)
        {
            case ColumnType.Int64:
                json.WriteNumberValue(seed % 10_000);
                break;
            case ColumnType.Decimal:
                json.WriteStringValue($"{seed % 100_000}.{seed % 90 + 10}");
                break;
            case ColumnType.Boolean:
                json.WriteBooleanValue((seed & 1) == 0);
                break;
            case ColumnType.DateTime:
                json.WriteStringValue($"2025-{(seed % 12) + 1:00}-{(seed % 28) + 1:00}T{seed % 24:00}:{seed % 60:00}:46-07:00");
                break;
            case ColumnType.Date:
                json.WriteStringValue($"2025-{(seed % 12) + 1:00}-{(seed % 28) + 1:00}");
                break;
            default:
                json.WriteStringValue(seed % 3 == 0 ? $"{Words[seed % Words.Length]} {seed % 1_000}" : Words[seed % Words.Length]);
                break;
        }
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = [];

        public ColumnSchema? Column { get; private set; }

        public int Number { get; private set; }

        public static Node Of(TableSchema table)
        {
            var root = new Node();
            for (var i = 0; i < table.Columns.Length; i++)
            {
                var node = root;
                foreach (var key in table.Columns[i].Path)
                {
                    if (!node.Children.TryGetValue(key, out var child))
                        node.Children.Add(key, child = new Node());

                    node = child;
                }

                if (node != root)
                    (node.Column, node.Number) = (table.Columns[i], i);
            }

            return root;
        }
    }
}
