using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Buckets;

public sealed class BucketsOnEmbeddedCacheTests() : BucketContract(new EmbeddedServer());
