using System.Collections.Immutable;

namespace CoupaGateway.Access.Grants;

/// <summary>A connection that a reader may read.</summary>
/// <param name="Connection">Name of the connection.</param>
/// <param name="Tables">The tables; null for all.</param>
internal sealed record ConnectionGrant(string Connection, ImmutableArray<TableGrant>? Tables = null);
