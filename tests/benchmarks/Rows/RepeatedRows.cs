using System.Collections.Immutable;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>The rows that a reader is at, so many times: what remains is to write them.</summary>
internal sealed class RepeatedRows(RowReader rows, int times) : RowReader
{
    private int _left = times;

    public override ImmutableArray<RowColumn> Columns => rows.Columns;

    public override ImmutableArray<ColumnVector> Vectors => rows.Vectors;

    public override int RowCount => rows.RowCount;

    public override int FirstRow => rows.FirstRow;

    public override bool NextChunk() => _left-- > 0;

    public override ValueTask<bool> NextChunkAsync() => ValueTask.FromResult(NextChunk());

    public override void ReadAhead()
    {
    }

    /// <summary>The rows are somebody else's.</summary>
    public override void Dispose()
    {
    }
}
