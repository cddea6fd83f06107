using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Records;
using CoupaGateway.Sandbox.Tenants;

namespace CoupaGateway.Sandbox.Changes;

/// <summary>Changes records by request, as users of the tenant would. Only what differs from the generated data is kept.</summary>
internal sealed class TenantChanges(SandboxTenant tenant, TimeProvider clock, TimeSpan utcOffset)
{
    private const string Revisions = "purchase_order_revisions";

    private readonly ConcurrentDictionary<string, ResourceChanges> _changes = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private TimeSpan _ahead;

    public ResourceChanges Of(string resource) => _changes.GetValueOrDefault(resource, ResourceChanges.None);

    /// <summary>What the tenant's clock shows: that of the machine, moved ahead by request.</summary>
    public DateTimeOffset Clock => clock.GetUtcNow() + _ahead;

    /// <summary>The time of the tenant: that of its clock, and never before the newest generated record.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var now = Clock;
            var newest = DateTimeOffset.FromUnixTimeSeconds(History.End);
            return (now < newest ? newest + _ahead : now).ToOffset(utcOffset);
        }
    }

    public void Advance(TimeSpan by)
    {
        lock (_gate)
            _ahead += by;
    }

    /// <summary>Forgets all changes.</summary>
    public void Clear() => _changes.Clear();

    /// <summary>Makes a record of the given fields, on the pattern of another if one is named, and returns its key: its id, but for an order revision the id of its revision record.</summary>
    /// <exception cref="KeyNotFoundException">The record to copy does not exist.</exception>
    public long Create(string resource, JsonObject fields, long? like = null)
    {
        lock (_gate)
        {
            var current = Of(resource);
            var record = like is { } id ? Full(resource, Existing(resource, id)) : [];
            var keys = tenant.Data.Resources[resource].Keys;
            var next = Math.Max(keys.KeyAt(keys.Count - 1), current.Added.IsEmpty ? 0 : current.Added.Values.Max(r => r.Key)) + 1;
            if (resource == Revisions)
            {
                // The root of a revision is the order's: its id, and pairs of what its times were.
                record["revision-record"] ??= new JsonObject();
                record["revision-record"]!["id"] = next;
                record["revision-record"]!["created-at"] = Text(Now);
                record["id"] ??= fields["id"]?.DeepClone() ?? throw new ArgumentException("A revision needs the id of its order, or another one that it is like.", nameof(fields));
            }
            else
            {
                record["id"] = next;
                record["created-at"] = Text(Now);
                record["updated-at"] = Text(Now);
            }

            Merge(record, fields);
            var made = new ChangedRecord(ClassOf(resource), null, tenant.Writer, record);
            _changes[resource] = current with
            {
                Version = current.Version + 1,
                Added = current.Added.Add((made.Id, current.Version), made),
            };
            if (resource == "purchase_orders" && record["order-lines"] is JsonArray lines)
                AddLines(lines);
            return made.Key;
        }
    }

    /// <summary>Sets fields of a record.</summary>
    /// <param name="id">The record's id; for an order revision the id of its revision record.</param>
    /// <param name="touch">Whether the record gets a new <c>updated-at</c>, as it does in nearly all cases.</param>
    /// <exception cref="KeyNotFoundException">The record does not exist.</exception>
    public void Update(string resource, long id, JsonObject fields, bool touch = true)
    {
        lock (_gate)
        {
            var (origin, record) = Parts(Existing(resource, id));
            Merge(record, fields);
            if (touch && resource != Revisions && !fields.ContainsKey("updated-at"))
                record["updated-at"] = Text(Now);
            Replace(resource, id, new ChangedRecord(ClassOf(resource), origin, tenant.Writer, record));
        }
    }

    /// <summary>Deletes a record; the lines of an order vanish with it.</summary>
    /// <param name="id">The record's id; for an order revision the id of its revision record.</param>
    /// <exception cref="KeyNotFoundException">The record does not exist.</exception>
    public void Delete(string resource, long id)
    {
        lock (_gate)
        {
            var record = Existing(resource, id);
            if (resource == "purchase_orders")
            {
                foreach (var line in Children(record, ClassOf(resource).Find("order-lines")!).OfType<JsonObject>())
                    Replace("purchase_order_lines", (long)line["id"]!, null);
            }

            Replace(resource, id, null);
        }
    }

    /// <summary>Adds an element to a nested array and returns its id; a copy of the last element with the given fields set.</summary>
    /// <exception cref="KeyNotFoundException">The record or the array does not exist.</exception>
    public long AddChild(string resource, long id, string field, JsonObject fields, bool touch = true) => ChangeChildren(resource, id, field, touch, children =>
    {
        var made = children.LastOrDefault() is JsonObject last ? last.DeepClone().AsObject() : [];
        made["id"] = children.OfType<JsonObject>().Select(c => (long?)c["id"] ?? 0).DefaultIfEmpty().Max() + 1_000_000_000;
        made["created-at"] = Text(Now);
        made["updated-at"] = Text(Now);
        Merge(made, fields);
        children.Add(made);
        return (long)made["id"]!;
    });

    /// <summary>Sets fields of an element of a nested array.</summary>
    /// <exception cref="KeyNotFoundException">The record, the array or the element does not exist.</exception>
    public void UpdateChild(string resource, long id, string field, long childId, JsonObject fields, bool touch = true) =>
        ChangeChildren(resource, id, field, touch, children =>
        {
            Merge(Child(children, childId), fields);
            return childId;
        });

    /// <summary>Takes an element out of a nested array.</summary>
    /// <exception cref="KeyNotFoundException">The record, the array or the element does not exist.</exception>
    public void DeleteChild(string resource, long id, string field, long childId, bool touch = true) =>
        ChangeChildren(resource, id, field, touch, children =>
        {
            children.Remove(Child(children, childId));
            return childId;
        });

    private static JsonObject Child(JsonArray children, long id) => children.OfType<JsonObject>().FirstOrDefault(c => (long?)c["id"] == id)
        ?? throw new KeyNotFoundException($"There is no element {id}.");

    private static void Merge(JsonObject record, JsonObject fields)
    {
        foreach (var (name, value) in fields)
            record[ApiClass.Normalize(name)] = value?.DeepClone();
    }

    private static (GeneratedRecord? Origin, JsonObject Fields) Parts(IRecord record) => record switch
    {
        ChangedRecord changed => (changed.Origin, changed.Fields.DeepClone().AsObject()),
        _ => ((GeneratedRecord)record, []),
    };

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz");

    private static ApiClass ClassOf(string resource) => ApiCatalog.Instance.Resources[resource].Class;

    private IRecord Existing(string resource, long id) =>
        tenant.Reader(resource).FindByKey(id) ?? throw new KeyNotFoundException($"{resource} has no record {id}.");

    private void Replace(string resource, long id, IRecord? record)
    {
        var current = Of(resource);
        var added = current.Added.Where(a => a.Value.Key == id).Select(a => ((long, long)?)a.Key).FirstOrDefault();
        var next = added is { } key
            ? current with { Added = record is null ? current.Added.Remove(key) : current.Added.SetItem(key, record) }
            : current with { Changed = current.Changed.SetItem(id, record) };
        _changes[resource] = next with { Version = current.Version + 1 };
    }

    private void AddLines(JsonArray lines)
    {
        foreach (var line in lines.OfType<JsonObject>())
            Create("purchase_order_lines", line.DeepClone().AsObject());
    }

    private long ChangeChildren(string resource, long id, string field, bool touch, Func<JsonArray, long> change)
    {
        lock (_gate)
        {
            var found = ClassOf(resource).Find(field) is { Kind: FieldKind.Array } array
                ? array
                : throw new KeyNotFoundException($"{resource} has no array {field}.");
            var record = Existing(resource, id);
            var children = Children(record, found);
            var childId = change(children);
            Update(resource, id, new JsonObject { [found.Name] = children.DeepClone() }, touch);
            if (resource == "purchase_orders" && found.Name == "order-lines")
                MirrorLine(children, childId);
            return childId;
        }
    }

    // The lines of an order are a resource of their own as well.
    private void MirrorLine(JsonArray lines, long id)
    {
        var line = lines.OfType<JsonObject>().FirstOrDefault(l => (long?)l["id"] == id);
        if (line is null)
            Replace("purchase_order_lines", id, null);
        else if (tenant.Reader("purchase_order_lines").FindByKey(id) is null)
            Create("purchase_order_lines", line.DeepClone().AsObject());
        else
            Update("purchase_order_lines", id, line.DeepClone().AsObject());
    }

    private JsonArray Children(IRecord record, ApiField field) =>
        Render(record, new Projection([new ProjectionItem(field, tenant.Projections.Full(field.Class!, 1))], new HashSet<string>()))[field.Name]?.AsArray()
        ?? [];

    private JsonObject Full(string resource, IRecord record) => Render(record, tenant.Projections.Full(ClassOf(resource)));

    private static JsonObject Render(IRecord record, Projection projection)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            record.Write(writer, projection);
        return JsonNode.Parse(Encoding.UTF8.GetString(stream.ToArray()))!.AsObject();
    }
}
