namespace CoupaGateway.Sync.Connections;

/// <summary>Tells which connections there are. The host implements it from its configuration.</summary>
public interface IConnectionProvider
{
    /// <summary>All connections, with names that differ.</summary>
    IReadOnlyCollection<ConnectionConfig> Connections { get; }
}
