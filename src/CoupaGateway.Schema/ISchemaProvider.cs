namespace CoupaGateway.Schema;

/// <summary>Tells which connections exist and what their tables look like right now.</summary>
public interface ISchemaProvider
{
    /// <summary>Names of all connections.</summary>
    IReadOnlyCollection<string> Connections { get; }

    /// <summary>The schema in force, or null when there is no such connection. Callers hold on to what they got for the length of a request.</summary>
    SchemaRevision? Find(string connection);

    /// <summary>
    /// Raised with the connection's name after <see cref="Find"/> has begun to answer differently for it: added, replaced or removed. Handlers
    /// return at once and do not throw.
    /// </summary>
    event Action<string>? Changed;
}
