using System.Collections.Immutable;

namespace CoupaGateway.Sync.Loading;

/// <summary>What was read is not committed yet: other tables are to change at the same moment. It is no failure.</summary>
/// <param name="tables">The API tables that it waits for.</param>
internal sealed class HeldException(ImmutableArray<string> tables)
    : Exception($"Everything is read. The tables change to the new pseudonymization key together, and these are still being loaded with it: {string.Join(", ", tables)}.");
