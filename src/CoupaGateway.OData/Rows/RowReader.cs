using System.Collections.Immutable;

namespace CoupaGateway.OData.Rows;

/// <summary>A running query, read one DuckDB data chunk at a time. Disposing it stops the query. Not for use by two threads at once.</summary>
internal abstract class RowReader : IDisposable
{
    /// <summary>The result's columns, in the order of the SELECT list.</summary>
    public abstract ImmutableArray<RowColumn> Columns { get; }

    /// <summary>The columns' values in the current chunk, in the order of <see cref="Columns"/>.</summary>
    public abstract ImmutableArray<ColumnVector> Vectors { get; }

    /// <summary>Rows in the current chunk; 0 before the first and after the last one.</summary>
    public abstract int RowCount { get; }

    /// <summary>The first row of the current chunk that counts: not 0 only in pages that begin in the middle of what is decoded, which are written as JSON and nothing else.</summary>
    public virtual int FirstRow => 0;

    /// <summary>Moves to the next chunk; false at the end of the result.</summary>
    /// <exception cref="QueryRejectedException">The query cannot be answered.</exception>
    public abstract bool NextChunk();

    /// <summary>As <see cref="NextChunk"/>, but waits for a chunk that <see cref="ReadAhead"/> is reading without holding a thread.</summary>
    public abstract ValueTask<bool> NextChunkAsync();

    /// <summary>Begins to read the next chunk on another thread while this one is being used; nothing when that is under way or there is no more.</summary>
    public abstract void ReadAhead();

    /// <summary>Gives the current chunk away; the reader is then at none. Whoever has it frees it with <see cref="DuckDbNative.DestroyChunk"/>.</summary>
    public virtual nint TakeChunk() => throw new NotSupportedException("The rows are in no chunk of DuckDB's.");

    public abstract void Dispose();
}
