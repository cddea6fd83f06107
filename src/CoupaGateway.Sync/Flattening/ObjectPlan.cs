namespace CoupaGateway.Sync.Flattening;

/// <summary>What is taken from a JSON object: its fields by key, with <c>-</c> written as <c>_</c>.</summary>
internal sealed class ObjectPlan(int index)
{
    private readonly Dictionary<string, FieldPlan> _fields = [];

    /// <summary>Names the object within its plan, from 0.</summary>
    public int Index { get; } = index;

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
