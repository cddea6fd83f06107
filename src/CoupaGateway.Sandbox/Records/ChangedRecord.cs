using System.Text.Json;
using System.Text.Json.Nodes;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Queries;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Records;

/// <summary>A generated record with fields replaced, or a record made by request (without a generated one behind it).</summary>
internal sealed class ChangedRecord(ApiClass cls, GeneratedRecord? origin, RecordWriter recordWriter, JsonObject fields) : IRecord
{
    private static readonly HashSet<string> NoNames = [];

    public long Id { get; } = (long?)fields["id"] ?? origin!.Id;

    public long Key { get; } = origin?.Key ?? (long?)fields["revision-record"]?["id"] ?? (long)fields["id"]!;

    public GeneratedRecord? Origin => origin;

    /// <summary>What differs from the generated record.</summary>
    public JsonObject Fields => fields;

    public void Write(Utf8JsonWriter writer, Projection projection)
    {
        writer.WriteStartObject();
        foreach (var item in projection.Items)
        {
            if (fields.TryGetPropertyValue(item.Field.Name, out var own))
            {
                writer.WritePropertyName(item.Field.Encoded);
                WriteNode(writer, own, item.Inner);
            }
            else if (origin is not null)
            {
                recordWriter.WriteField(writer, origin.Node, item, projection);
            }
        }

        foreach (var (name, value) in fields)
        {
            if (cls.Find(name) is not null || (projection.RootCustomFields is { } names && !names.Contains(name)))
                continue;
            writer.WritePropertyName(name);
            WriteNode(writer, value, null);
        }

        if (origin is not null)
        {
            var rest = projection with { RootCustomFields = RemainingNames(projection) };
            recordWriter.WriteRootCustomFields(writer, origin.Node, rest);
        }

        writer.WriteEndObject();
    }

    public IEnumerable<Scalar> Values(IReadOnlyList<ApiField> path, string? customField)
    {
        if (!fields.TryGetPropertyValue(path[0].Name, out var own))
            return origin?.Values(path, customField) ?? [Scalar.Absent];
        return Values(own, path, 0, customField);
    }

    public long CountRows(IReadOnlyList<ApiField> path)
    {
        if (!fields.TryGetPropertyValue(path[0].Name, out var own))
            return origin?.CountRows(path) ?? 0;
        return CountRows(own, path, 0);
    }

    private static long CountRows(JsonNode? node, IReadOnlyList<ApiField> path, int step)
    {
        var last = step + 1 == path.Count;
        return node switch
        {
            JsonArray array => last ? array.Count : array.Sum(e => CountRows(e?[path[step + 1].Name], path, step + 1)),
            JsonObject inner => last ? 1 : CountRows(inner[path[step + 1].Name], path, step + 1),
            _ => 0,
        };
    }

    private static IEnumerable<Scalar> Values(JsonNode? node, IReadOnlyList<ApiField> path, int step, string? customField)
    {
        var last = step + 1 == path.Count;
        var next = last ? customField ?? "id" : path[step + 1].Name;
        return node switch
        {
            JsonArray array => array.SelectMany(e => last ? [ToScalar(e?["id"], path[step])] : Values(e?[next], path, step + 1, customField)),
            JsonObject inner => last ? [ToScalar(inner[next], path[step])] : Values(inner[next], path, step + 1, customField),
            _ => [ToScalar(node, path[step])],
        };
    }

    private static Scalar ToScalar(JsonNode? node, ApiField field)
    {
        if (node is null)
            return Scalar.Null;
        try
        {
            return field.Class is null && field.Kind == FieldKind.Object ? Scalar.String(node.ToString()) : QueryParser.Literal(field, node.ToString());
        }
        catch (BadRequestException)
        {
            return Scalar.String(node.ToString());
        }
    }

    private static void WriteNode(Utf8JsonWriter writer, JsonNode? node, Projection? projection)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonArray array:
                writer.WriteStartArray();
                foreach (var element in array)
                    WriteNode(writer, element, projection);
                writer.WriteEndArray();
                break;
            case JsonObject inner when projection is not null:
                writer.WriteStartObject();
                foreach (var item in projection.Items)
                {
                    if (!inner.TryGetPropertyValue(item.Field.Name, out var value))
                        continue;
                    writer.WritePropertyName(item.Field.Encoded);
                    WriteNode(writer, value, item.Inner);
                }

                writer.WriteEndObject();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }

    // Custom fields at the root that the request replaced are written above.
    private HashSet<string>? RemainingNames(Projection projection)
    {
        if (projection.RootCustomFields is { Count: 0 })
            return NoNames;
        var replaced = fields.Select(f => f.Key).Where(name => cls.Find(name) is null).ToHashSet(StringComparer.Ordinal);
        if (replaced.Count == 0)
            return projection.RootCustomFields as HashSet<string>;
        return projection.RootCustomFields is { } names ? [.. names.Except(replaced)] : NoNames;
    }
}
