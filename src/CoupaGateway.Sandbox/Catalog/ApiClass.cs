namespace CoupaGateway.Sandbox.Catalog;

/// <summary>A record class: its readable fields in the order of the documentation.</summary>
internal sealed class ApiClass
{
    // The fields by which one record names another. A class that has one of them beside the id is shown short when it is referenced.
    private static readonly string[] ReferenceNames =
    [
        "code", "name", "number", "login", "email", "po-number", "invoice-number", "display-name", "fullname", "line-num", "label", "asn-number",
    ];

    private readonly Dictionary<string, ApiField> _byName = new(StringComparer.Ordinal);

    public required string Name { get; init; }

    /// <summary>Classes that show the same thing share a family: a <c>UserSimple</c> is a <c>User</c>.</summary>
    public required string Family { get; init; }

    public required ulong Hash { get; init; }

    public IReadOnlyList<ApiField> Fields { get; private set; } = [];

    /// <summary>Whether records of this class are named by a code, name or number rather than owned by their parent.</summary>
    public bool IsReference { get; private set; }

    /// <summary>The fields of a short object.</summary>
    public IReadOnlyList<ApiField> ShortFields { get; private set; } = [];

    public ApiField? CustomFields { get; private set; }

    /// <summary>Finds a field; hyphens and underscores are alike.</summary>
    public ApiField? Find(string name) => _byName.GetValueOrDefault(Normalize(name));

    public static string Normalize(string name) => name.Replace('_', '-');

    internal void Complete(IReadOnlyList<ApiField> fields)
    {
        Fields = fields;
        foreach (var field in fields)
            _byName[field.Name] = field;
        IsReference = Name == "UserSimple" || ReferenceNames.Any(_byName.ContainsKey);
        CustomFields = _byName.GetValueOrDefault("custom-fields");
        ShortFields = Name == "UserSimple" || !IsReference
            ? [.. fields.Where(f => f.IsScalar && !f.OnlyWhenNamed)]
            : [.. fields.Where(f => f.IsScalar && (f.Name == "id" || ReferenceNames.Contains(f.Name, StringComparer.Ordinal)))];
    }
}
