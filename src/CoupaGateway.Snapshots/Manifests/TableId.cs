namespace CoupaGateway.Snapshots.Manifests;

/// <summary>Names one table of one connection.</summary>
public readonly record struct TableId(string Connection, string Table)
{
    public override string ToString() => $"{Connection}/{Table}";
}
