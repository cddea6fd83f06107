using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Leases;

public sealed class LeasesOnRedisTests(RedisServer server) : LeaseContract(server), IClassFixture<RedisServer>;
