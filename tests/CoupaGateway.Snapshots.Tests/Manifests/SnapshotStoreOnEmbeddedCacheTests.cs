using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Manifests;

public sealed class SnapshotStoreOnEmbeddedCacheTests() : SnapshotStoreContract(new EmbeddedServer());
