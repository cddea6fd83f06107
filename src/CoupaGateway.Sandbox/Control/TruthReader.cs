using System.Text.Json;
using System.Text.Json.Nodes;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Records;

namespace CoupaGateway.Sandbox.Control;

/// <summary>Works out the rows that a table must have for records as they are now.</summary>
internal static class TruthReader
{
    /// <exception cref="KeyNotFoundException">There is no such table.</exception>
    public static IEnumerable<SandboxRow> Rows(SandboxTenant tenant, string table, long first, long last)
    {
        var parent = ApiCatalog.Instance.Tables.FirstOrDefault(t => t.Name == table || t.Nested.Any(n => n.Name == table))
            ?? throw new KeyNotFoundException($"There is no table {table}.");
        var path = parent.Nested.FirstOrDefault(n => n.Name == table)?.Path ?? [];
        var projection = path.Count == 0 ? tenant.Projections.Row(parent.Class) : Along(tenant, path, 0);
        return tenant.Reader(parent.Resource).Between(first, last).SelectMany(record => Rows(record, Render(record, projection), path));
    }

    // Of a record only the way to the rows is worked out.
    private static Projection Along(SandboxTenant tenant, IReadOnlyList<ApiField> path, int step)
    {
        var cls = path[step].Class!;
        var below = step + 1 == path.Count ? tenant.Projections.Row(cls) : WithId(cls, Along(tenant, path, step + 1));
        return new Projection([new ProjectionItem(path[step], below)], new HashSet<string>());
    }

    private static Projection WithId(ApiClass cls, Projection projection) =>
        cls.Find("id") is { } id ? projection with { Items = [new ProjectionItem(id, null), .. projection.Items] } : projection;

    private static IEnumerable<SandboxRow> Rows(IRecord record, JsonObject rendered, IReadOnlyList<ApiField> path)
    {
        IEnumerable<SandboxRow> rows = [new(record.Id, record.Key, [], [], rendered)];
        foreach (var field in path)
            rows = rows.SelectMany(row => Below(row, field));
        return rows;
    }

    private static IEnumerable<SandboxRow> Below(SandboxRow row, ApiField field)
    {
        var elements = row.Values[field.Name] switch
        {
            JsonArray array => array.OfType<JsonObject>(),
            JsonObject one => [one],
            _ => [],
        };
        return elements.Select((element, index) => row with
        {
            Position = [.. row.Position, index],
            Ids = [.. row.Ids, element["id"] is JsonValue id && id.TryGetValue<long>(out var number) ? number : null],
            Values = element,
        });
    }

    private static JsonObject Render(IRecord record, Projection projection)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            record.Write(writer, projection);
        return JsonNode.Parse(stream.ToArray())!.AsObject();
    }
}
