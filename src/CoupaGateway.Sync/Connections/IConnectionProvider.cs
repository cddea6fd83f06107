namespace CoupaGateway.Sync.Connections;

/// <summary>Tells which connections there are. The host implements it from its configuration and its REST API.</summary>
public interface IConnectionProvider
{
    /// <summary>All connections, with names that differ.</summary>
    IReadOnlyCollection<ConnectionConfig> Connections { get; }

    /// <summary>
    /// Raised with the connection's name after <see cref="Connections"/> has begun to answer differently for it: added, replaced or removed.
    /// Handlers return at once and do not throw.
    /// </summary>
    event Action<string>? Changed;
}
