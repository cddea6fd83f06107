namespace CoupaGateway.Staleness;

/// <summary>Whether the gateway is ready.</summary>
/// <param name="Status"><c>ready</c>, or <c>degraded</c>: it answers, but some tables are old, damaged or not loaded yet.</param>
internal sealed record ReadinessResource(string Status);
