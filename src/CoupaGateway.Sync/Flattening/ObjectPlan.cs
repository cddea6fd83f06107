namespace CoupaGateway.Sync.Flattening;

/// <summary>What is taken from a JSON object: its fields by key, with <c>-</c> written as <c>_</c>.</summary>
/// <param name="table">Table whose element the object is, or is part of.</param>
/// <param name="path">Keys from the table's element down to the object, with <c>-</c> written as <c>_</c>.</param>
internal sealed class ObjectPlan(int index, string table, string[] path)
{
    private readonly Dictionary<string, FieldPlan> _fields = [];

    /// <summary>Names the object within its plan, from 0.</summary>
    public int Index { get; } = index;

    public string Table { get; } = table;

    public string[] Path { get; } = path;

    public IReadOnlyDictionary<string, FieldPlan> Fields => _fields;

    public static string Normalize(string key) => key.Replace('-', '_');

    public FieldPlan GetOrAdd(string key, Func<FieldPlan> create)
    {
        var name = Normalize(key);
        if (!_fields.TryGetValue(name, out var field))
            _fields.Add(name, field = create());

        return field;
    }
}
