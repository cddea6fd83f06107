namespace CoupaGateway.Connections;

/// <summary>All connections in force, wherever they were written down.</summary>
internal interface IConnectionDefinitions
{
    IReadOnlyCollection<ConnectionDefinition> All { get; }

    ConnectionDefinition? Find(string name);

    /// <summary>Raised with the name after a connection was added, replaced or removed. Handlers return at once and do not throw.</summary>
    event Action<string>? Changed;
}
