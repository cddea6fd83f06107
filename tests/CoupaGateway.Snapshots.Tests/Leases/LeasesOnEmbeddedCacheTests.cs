using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Leases;

public sealed class LeasesOnEmbeddedCacheTests() : LeaseContract(new EmbeddedServer());
