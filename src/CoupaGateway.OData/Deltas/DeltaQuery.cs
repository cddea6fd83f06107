using System.Collections.Immutable;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Tables;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.OData.Deltas;

/// <summary>A request for changes.</summary>
/// <param name="Rows">The client's query, on the version that it is brought to.</param>
/// <param name="Since">When the version was committed that the client has.</param>
/// <param name="Chunks">The chunks that can hold rows that are new or different.</param>
/// <param name="Deletions">The list of deletions; null where nothing was ever deleted.</param>
/// <param name="Until">The last deletion that is told.</param>
internal sealed record DeltaQuery(CollectionQuery Rows, DateTime Since, ImmutableArray<ChunkInfo> Chunks, TableSnapshot? Deletions, long Until)
{
    public TableSchema Table => Rows.Table;

    /// <summary>The columns of the payload: what was selected, and the key, by which the client knows the row.</summary>
    public CollectionQuery WithKey()
    {
        ImmutableArray<ColumnSchema> missing = [.. Table.Key.Where(key => !Rows.Select.Columns.Contains(key))];
        var suffix = Rows.Select.ContextSuffix.Length == 0 || missing.IsEmpty ? Rows.Select.ContextSuffix : $"({string.Join(',', missing.Select(static key => key.Name))},{Rows.Select.ContextSuffix[1..]}";
        return Rows with { Select = Rows.Select with { Columns = [.. missing, .. Rows.Select.Columns], ContextSuffix = suffix }, OmitNulls = false };
    }
}
