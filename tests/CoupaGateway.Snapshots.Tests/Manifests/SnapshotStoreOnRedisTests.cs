using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Manifests;

public sealed class SnapshotStoreOnRedisTests(RedisServer server) : SnapshotStoreContract(server), IClassFixture<RedisServer>;
