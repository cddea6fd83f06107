using System.Collections.Immutable;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>Streams a result: DuckDB works ahead by about a megabyte and then waits until it is read.</summary>
internal sealed class DuckDbRowReader : RowReader
{
    private readonly DuckDBPreparedStatement _statement;
    private readonly QueryGuard _guard;
    private readonly Action _release;
    private DuckDBResult _result;
    private nint _chunk;
    private bool _ended;
    private bool _disposed;

    /// <param name="guard">Stops the query in time; the reader disposes it.</param>
    /// <param name="release">Called once when the query is over and its connection may serve the next one.</param>
    public DuckDbRowReader(DuckDBPreparedStatement statement, RowQuery query, QueryGuard guard, Action release)
    {
        _statement = statement;
        _guard = guard;
        _release = release;
        Columns = query.Columns;
        guard.Enter();
        var state = NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(statement, out _result);
        guard.Leave();
        try
        {
            if (state != DuckDBState.Success)
                throw Error();
            Vectors = Describe(query.Columns, ref _result);
        }
        catch
        {
            NativeMethods.Query.DuckDBDestroyResult(ref _result);
            throw;
        }
    }

    public override ImmutableArray<RowColumn> Columns { get; }

    public override ImmutableArray<ColumnVector> Vectors { get; }

    public override int RowCount => _rowCount;

    private int _rowCount;

    public override unsafe bool NextChunk()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        FreeChunk();
        if (_ended)
            return false;

        _guard.Enter();
        _chunk = DuckDbNative.FetchChunk(_result);
        _guard.Leave();
        if (_chunk == 0)
        {
            _ended = true;
            if (NativeMethods.Query.DuckDBResultErrorType(ref _result) != DuckDBErrorType.Invalid)
                throw Error();
            return false;
        }

        _rowCount = (int)DuckDbNative.ChunkSize(_chunk);
        for (var column = 0; column < Vectors.Length; column++)
        {
            var vector = DuckDbNative.ChunkVector(_chunk, (ulong)column);
            Vectors[column].Bind(DuckDbNative.VectorData(vector), DuckDbNative.VectorValidity(vector));
        }

        return _rowCount > 0;
    }

    private static ImmutableArray<ColumnVector> Describe(ImmutableArray<RowColumn> columns, ref DuckDBResult result)
    {
        var count = (int)NativeMethods.Query.DuckDBColumnCount(ref result);
        if (count != columns.Length)
            throw new InvalidOperationException($"The query has {count} columns, but {columns.Length} are described.");

        var vectors = ImmutableArray.CreateBuilder<ColumnVector>(count);
        for (var i = 0; i < count; i++)
        {
            using var type = NativeMethods.Query.DuckDBColumnLogicalType(ref result, i);
            vectors.Add(ColumnVector.Create(columns[i], type));
        }

        return vectors.MoveToImmutable();
    }

    private Exception Error() =>
        _guard.Explain(NativeMethods.Query.DuckDBResultErrorType(ref _result), NativeMethods.Query.DuckDBResultError(ref _result));

    private void FreeChunk()
    {
        _rowCount = 0;
        if (_chunk != 0)
            DuckDbNative.DestroyChunk(ref _chunk);
    }

    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        FreeChunk();
        _guard.Dispose();
        if (!_ended)
            _guard.Connection.Interrupt();
        NativeMethods.Query.DuckDBDestroyResult(ref _result);
        _statement.Dispose();
        _release();
    }
}
