namespace CoupaGateway.Sandbox.Tenants;

/// <summary>A share of a line's total, in cents and in hundredths of a percent.</summary>
internal sealed record AllocationFacts(long Amount, long Share, long AccountId);
