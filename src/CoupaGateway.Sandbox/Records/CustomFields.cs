using System.Collections.Frozen;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Tenants;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Records;

/// <summary>The custom fields of the tenant; more can appear while it runs.</summary>
internal sealed class CustomFields
{
    private volatile FrozenDictionary<(string Class, bool AtRoot), CustomField[]> _byClass;
    private readonly Lock _gate = new();

    public CustomFields()
    {
        var all = new List<CustomField>();
        foreach (var cls in ApiCatalog.Instance.Classes.Values.Where(c => c.CustomFields is { Kind: FieldKind.Object }))
        {
            all.Add(new CustomField(cls.Name, "cost-center-owner", FieldKind.String));
            all.Add(new CustomField(cls.Name, "budget-limit", FieldKind.Decimal));
            all.Add(new CustomField(cls.Name, "reviewed", FieldKind.Boolean));
            all.Add(new CustomField(cls.Name, "project", FieldKind.Object));
        }

        all.Add(new CustomField("InvoiceHeader", "legacy-plant-code", FieldKind.String, AtRoot: true));
        all.Add(new CustomField("Supplier", "legacy-vendor-group", FieldKind.String, AtRoot: true));
        all.Add(new CustomField("OrderHeader", "legacy-buyer-code", FieldKind.String, AtRoot: true));
        _byClass = Index(all);
    }

    /// <summary>Changes whenever a field appears.</summary>
    public object Version => _byClass;

    public IReadOnlyList<CustomField> Of(ApiClass cls, bool atRoot) => _byClass.GetValueOrDefault((cls.Name, atRoot), []);

    public void Add(CustomField field)
    {
        lock (_gate)
            _byClass = Index([.. Without(field.Class, field.Name), field]);
    }

    public void Remove(string className, string name)
    {
        lock (_gate)
            _byClass = Index(Without(className, name));
    }

    private IEnumerable<CustomField> Without(string className, string name) =>
        _byClass.Values.SelectMany(static fields => fields).Where(field => field.Class != className || field.Name != name);

    /// <summary>The value in a record; absent in some.</summary>
    public static Scalar ValueOf(Node node, CustomField field)
    {
        var hash = Hashing.Mix(node.Seed, field.Hash);
        return (hash % 10) switch
        {
            0 => Scalar.Absent,
            1 or 2 => Scalar.Null,
            _ => field.Kind switch
            {
                FieldKind.Boolean => Scalar.Boolean((hash & 32) == 0),
                FieldKind.Integer or FieldKind.Object => Scalar.Integer(Hashing.Below(hash, 1_000)),
                FieldKind.Decimal => Scalar.Decimal(Hashing.Below(hash, 1_000_000)),
                FieldKind.DateTime => Scalar.Instant(node.Created),
                FieldKind.Date => Scalar.Day(node.Created / History.Day * History.Day),
                _ => Scalar.String(Words.Pick(Words.Common, hash)),
            },
        };
    }

    private static FrozenDictionary<(string Class, bool AtRoot), CustomField[]> Index(IEnumerable<CustomField> fields) =>
        fields.GroupBy(static field => (field.Class, field.AtRoot)).ToFrozenDictionary(static group => group.Key, static group => group.ToArray());
}
