namespace CoupaGateway.Connections.Stored;

/// <summary>A connection as it is kept in the cache.</summary>
/// <param name="Secret">The client secret, encrypted for this connection's name.</param>
internal sealed record StoredConnection(ConnectionSettings Settings, string Secret, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
