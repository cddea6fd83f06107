using System.Collections.Concurrent;
using CoupaGateway.Schema;

namespace CoupaGateway.Connections;

/// <summary>The schema in force of each connection, built once for each of its definitions.</summary>
internal sealed class ConnectionSchemas : ISchemaProvider, IDisposable
{
    private readonly IConnectionDefinitions _definitions;
    private readonly ConcurrentDictionary<string, (ConnectionDefinition Definition, SchemaRevision Schema)> _built = new(StringComparer.Ordinal);

    public ConnectionSchemas(IConnectionDefinitions definitions)
    {
        _definitions = definitions;
        definitions.Changed += Forget;
    }

    public IReadOnlyCollection<string> Connections => [.. _definitions.All.Select(static definition => definition.Name)];

    public event Action<string>? Changed;

    public SchemaRevision? Find(string connection)
    {
        if (_definitions.Find(connection) is not { } definition)
            return null;
        if (_built.TryGetValue(connection, out var known) && ReferenceEquals(known.Definition, definition))
            return known.Schema;

        var schema = definition.Options.BuildSchema();
        _built[connection] = (definition, schema);
        return schema;
    }

    private void Forget(string connection)
    {
        _built.TryRemove(connection, out _);
        Changed?.Invoke(connection);
    }

    public void Dispose() => _definitions.Changed -= Forget;
}
