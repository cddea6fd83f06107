using System.Text.Json;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Catalog;

/// <summary>The classes, resources and tables of the API, read once from the embedded data.</summary>
internal sealed class ApiCatalog
{
    // Fields that no published class has, but that the assumed projections of the revision tables name. See tables.json.
    private static readonly (string Class, string Field, string Type, string? Of, bool OnlyWhenNamed)[] Assumed =
    [
        ("InvoiceHeader", "revision", "integer", null, true),
        ("OrderHeader", "revision", "integer", null, true),
        ("RequisitionHeader", "revision", "integer", null, true),
        ("InvoiceLine", "revision-records", "array", "RevisionRecord", true),
        ("OrderLine", "revision-records", "array", "RevisionRecord", true),
        ("RequisitionLine", "revision-records", "array", "RevisionRecord", true),
        ("ApprovalReason", "code", "string", null, false),
        ("ApprovalReason", "comment", "string", null, false),
        ("Anonymous", "id", "integer", null, false),
        ("Anonymous", "name", "string", null, false),
    ];

    private static readonly Lazy<ApiCatalog> Shared = new(() => new ApiCatalog());

    private readonly Dictionary<string, ApiClass> _classes = new(StringComparer.Ordinal);
    private int _slots;

    private ApiCatalog()
    {
        using var classes = Open("classes.json");
        using var further = Open("further-classes.json");
        using var tables = Open("tables.json");
        using var resources = Open("further-resources.json");
        JsonProperty[] all = [.. classes.RootElement.EnumerateObject(), .. further.RootElement.EnumerateObject()];
        var returned = FieldsOfTables(classes.RootElement, tables.RootElement);
        foreach (var item in all)
            AddClass(item.Name);
        AddClass("Anonymous");
        foreach (var item in all)
            _classes[item.Name].Complete([.. ReadFields(item.Name, item.Value, returned), .. AssumedFields(item.Name)]);
        _classes["Anonymous"].Complete([.. AssumedFields("Anonymous")]);
        foreach (var field in _classes.Values.SelectMany(c => c.Fields))
        {
            if (field.Class is { Fields.Count: 0 })
                field.Class = _classes["Anonymous"];
        }

        // The class of a resource is that of the table of the same name; other tables (revision records) read it too.
        var owners = tables.RootElement.EnumerateArray().ToDictionary(
            t => t.GetProperty("table").GetString()!, t => _classes[t.GetProperty("class").GetString()!], StringComparer.Ordinal);
        Tables = [.. tables.RootElement.EnumerateArray().Select(t => ReadTable(t, owners))];
        Resources = Tables
            .Where(t => t.Name == t.Resource)
            .Select(t => new ApiResource(t.Resource, t.Class, t.Scope))
            .Concat(resources.RootElement.EnumerateArray().Select(r => new ApiResource(r.GetProperty("resource").GetString()!, _classes[r.GetProperty("class").GetString()!], r.GetProperty("scope").GetString()!)))
            .ToDictionary(r => r.Name, StringComparer.Ordinal);
    }

    public static ApiCatalog Instance => Shared.Value;

    public IReadOnlyList<ApiTable> Tables { get; }

    /// <summary>The resources of the tables, and some that no table of tables.json is read from.</summary>
    public IReadOnlyDictionary<string, ApiResource> Resources { get; }

    /// <summary>Every scope that some resource needs.</summary>
    public IEnumerable<string> Scopes => Tables.Select(t => t.Scope).Concat(Resources.Values.Select(r => r.Scope)).Distinct(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ApiClass> Classes => _classes;

    public int SlotCount => _slots;

    public ApiClass Class(string name) => _classes[name];

    private static JsonDocument Open(string name)
    {
        using var stream = typeof(ApiCatalog).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded file {name} is missing.");
        return JsonDocument.Parse(stream);
    }

    private void AddClass(string name) => _classes[name] = new ApiClass
    {
        Name = name,
        Family = name == "UserSimple" ? "User" : name,
        Hash = Hashing.Of(name == "UserSimple" ? "User" : name),
    };

    // A table of the data set wins over "writeOnly": users expect its rows.
    private static HashSet<(string Class, string Field)> FieldsOfTables(JsonElement classes, JsonElement tables)
    {
        var fields = new HashSet<(string, string)>();
        foreach (var table in tables.EnumerateArray())
        {
            foreach (var nested in table.GetProperty("nested").EnumerateArray())
            {
                var owner = table.GetProperty("class").GetString()!;
                foreach (var step in nested.GetProperty("field").GetString()!.Split("[]."))
                {
                    fields.Add((owner, step));
                    foreach (var field in classes.GetProperty(owner).EnumerateArray())
                    {
                        if (field.GetProperty("name").ValueEquals(step) && field.TryGetProperty("class", out var of))
                            owner = of.GetString()!;
                    }
                }
            }
        }

        return fields;
    }

    private IEnumerable<ApiField> ReadFields(string owner, JsonElement fields, HashSet<(string Class, string Field)> returned)
    {
        foreach (var field in fields.EnumerateArray())
        {
            var name = field.GetProperty("name").GetString()!;
            if (field.TryGetProperty("writeOnly", out var writeOnly) && writeOnly.GetBoolean() && !returned.Contains((owner, name)))
                continue;
            var type = field.GetProperty("type").GetString()!;
            var of = field.TryGetProperty("of", out var changeOf) ? changeOf.GetString() : null;
            var since = field.TryGetProperty("since", out var release) ? int.Parse(release.GetString()!.AsSpan(1)) : 21;
            string[] values = field.TryGetProperty("values", out var list)
                ? [.. list.EnumerateArray().Select(v => v.ToString()).Where(v => v.Length > 0)]
                : [];
            yield return Make(owner, name, type, field.TryGetProperty("class", out var c) ? c.GetString() : null, of, since, values, onlyWhenNamed: false);
        }
    }

    private IEnumerable<ApiField> AssumedFields(string owner) =>
        Assumed.Where(f => f.Class == owner).Select(f => Make(owner, f.Field, f.Type, f.Of, null, 21, [], f.OnlyWhenNamed));

    private ApiField Make(
        string owner, string name, string type, string? className, string? changeOf, int since, string[] values, bool onlyWhenNamed)
    {
        var kind = Enum.Parse<FieldKind>(type, ignoreCase: true);
        var inner = changeOf is null ? kind : Enum.Parse<FieldKind>(changeOf, ignoreCase: true);
        ApiClass? target = null;
        if (inner is FieldKind.Array or FieldKind.Object && name != "custom-fields")
            target = className is null ? _classes["Anonymous"] : _classes[className];
        var flavor = FlavorPicker.Pick(owner, name, inner, values);
        return new ApiField
        {
            Name = name,
            Kind = kind,
            ChangeOf = inner,
            Slot = _slots++,
            Since = since,
            Values = values,
            OnlyWhenNamed = onlyWhenNamed,
            Class = target,
            Encoded = JsonEncodedText.Encode(name),

            // "active?" says the same as "active".
            Hash = Hashing.Of(name.TrimEnd('?')),
            Flavor = flavor,
            IsPersonal = inner == FieldKind.String && values.Length == 0 && PersonalFields.Has(owner, name, flavor),
        };
    }

    private static ApiTable ReadTable(JsonElement table, Dictionary<string, ApiClass> owners)
    {
        var path = table.GetProperty("path").GetString()!["/api/".Length..];
        var owner = owners[path];
        NestedTable[] nested =
        [
            .. table.GetProperty("nested").EnumerateArray().Select(n =>
            {
                var at = owner;
                var steps = new List<ApiField>();
                foreach (var step in n.GetProperty("field").GetString()!.Split("[]."))
                {
                    var field = at.Find(step)!;
                    steps.Add(field);
                    at = field.Class!;
                }

                return new NestedTable(n.GetProperty("table").GetString()!, steps);
            }),
        ];
        return new ApiTable(table.GetProperty("table").GetString()!, path, owner, table.GetProperty("scope").GetString()!, nested);
    }
}
