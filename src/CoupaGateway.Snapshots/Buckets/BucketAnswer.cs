namespace CoupaGateway.Snapshots.Buckets;

/// <summary>What a bucket gave.</summary>
/// <param name="Granted">Tokens, from 0 to what was asked for.</param>
/// <param name="Wait">When the next token is there; zero when all were granted.</param>
/// <param name="PerSecond">How fast the bucket fills at the moment.</param>
public sealed record BucketAnswer(int Granted, TimeSpan Wait, double PerSecond);
