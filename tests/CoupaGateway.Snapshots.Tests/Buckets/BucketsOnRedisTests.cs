using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Buckets;

public sealed class BucketsOnRedisTests(RedisServer server) : BucketContract(server), IClassFixture<RedisServer>;
