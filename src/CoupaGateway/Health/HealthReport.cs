namespace CoupaGateway.Health;

/// <summary>The gateway's health in detail, of this process.</summary>
/// <param name="Status">ready; degraded: it answers, but some tables are old, damaged or not loaded yet, or its clock is wrong; unready.</param>
/// <param name="Reasons">Why it is not ready: starting, draining, cache-unreachable, no-schema; or why it is degraded: stale, damaged, not-loaded, clock.</param>
/// <param name="CacheReachable">Whether the cache server can be reached just now.</param>
/// <param name="Clock">This machine's clock.</param>
/// <param name="Connections">The connections with tables that cannot be read or are old.</param>
internal sealed record HealthReport(HealthStatus Status, IReadOnlyList<string> Reasons, bool CacheReachable, ClockHealth Clock, IReadOnlyList<ConnectionHealth> Connections);
