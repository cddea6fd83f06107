namespace CoupaGateway.Snapshots.Manifests;

/// <summary>The points between two steps of a commit, for tests that crash there. The steps are drawn at <see cref="SnapshotStore"/>.</summary>
internal enum CommitStep
{
    Checked,
    Announced,
    Swapped,
    Published,
    Kept,
    Released,
}
