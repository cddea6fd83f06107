namespace CoupaGateway.Snapshots.Buckets;

/// <summary>How fast a bucket fills when nothing slows it down, and how many tokens it holds.</summary>
/// <param name="PerSecond">Tokens a second, more than 0.</param>
/// <param name="Burst">Tokens at most, at least 1.</param>
public sealed record BucketLimits(double PerSecond, int Burst);
