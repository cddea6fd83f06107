using System.Collections.Immutable;

namespace CoupaGateway.Access.Grants;

/// <summary>A table that a reader may read.</summary>
/// <param name="Name">Name of the table.</param>
/// <param name="Columns">The columns besides those of the key, which are always there; null for all.</param>
internal sealed record TableGrant(string Name, ImmutableArray<string>? Columns = null);
