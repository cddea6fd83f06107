using System.Collections.Immutable;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Progress;

namespace CoupaGateway.Sync.Loading;

/// <summary>What is to be done to an API table and everything nested in it.</summary>
internal sealed record FamilyJob
{
    /// <summary>The run it belongs to.</summary>
    public required string RunId { get; init; }

    public required ConnectionConfig Connection { get; init; }

    /// <summary>All tables of the connection.</summary>
    public required SchemaRevision Schema { get; init; }

    /// <summary>What <see cref="SchemaRevision.Family"/> gives.</summary>
    public required ImmutableArray<TableSchema> Family { get; init; }

    public LoadMode Mode { get; init; } = LoadMode.Full;

    /// <summary>For a delta: read far back, for changes that Coupa delivered late.</summary>
    public bool LooksBack { get; init; }

    /// <summary>For <see cref="LoadMode.Retry"/>: keys of the records.</summary>
    public ImmutableArray<long> Keys { get; init; } = [];

    public required TableTracker Tracker { get; init; }

    public TableSchema Root => Family[0];
}
