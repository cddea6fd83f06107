namespace CoupaGateway.Snapshots.Buckets;

/// <summary>Buckets of tokens that all processes draw on. Time is the cache server's.</summary>
public interface ITokenBuckets
{
    /// <summary>Takes as many tokens as there are, at most <paramref name="wanted"/>.</summary>
    Task<BucketAnswer> TakeAsync(string name, BucketLimits limits, int wanted, CancellationToken cancellationToken);

    /// <summary>Lets a bucket fill more slowly for a while. Calls within one second count once.</summary>
    /// <param name="pause">For so long nothing is given; null does not stop it.</param>
    Task SlowDownAsync(string name, BucketLimits limits, TimeSpan? pause, CancellationToken cancellationToken);
}
