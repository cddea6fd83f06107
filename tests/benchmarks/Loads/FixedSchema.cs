using CoupaGateway.Schema;

namespace CoupaGateway.Benchmarks.Loads;

/// <summary>One connection whose schema stays.</summary>
internal sealed class FixedSchema(string connection, SchemaRevision schema) : ISchemaProvider
{
    public IReadOnlyCollection<string> Connections => [connection];

    /// <summary>Never raised.</summary>
    public event Action<string>? Changed
    {
        add { }
        remove { }
    }

    public SchemaRevision? Find(string name) => name == connection ? schema : null;
}
