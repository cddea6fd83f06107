namespace CoupaGateway.Health;

/// <summary>Whether requests should be sent here: what everybody may know.</summary>
/// <param name="Status">ready; degraded: it answers, but some tables are old, damaged or not loaded yet; unready.</param>
internal sealed record HealthSummary(HealthStatus Status);
