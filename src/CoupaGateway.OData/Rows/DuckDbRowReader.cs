using System.Collections.Immutable;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>Streams a result: DuckDB works ahead by about a megabyte and then waits until it is read.</summary>
internal sealed class DuckDbRowReader : RowReader
{
    private readonly PreparedQuery _statement;
    private readonly QueryGuard _guard;
    private readonly Action _release;
    private readonly bool _isOneOff;
    private DuckDBResult _result;
    private nint _chunk;
    private Task<nint>? _ahead;
    private bool _ended;
    private bool _failed;
    private bool _disposed;

    /// <param name="statement">The reader gives it back to its connection.</param>
    /// <param name="guard">Stops the query in time; the reader disposes it.</param>
    /// <param name="release">Called once when the query is over and its connection may serve the next one.</param>
    public DuckDbRowReader(PreparedQuery statement, RowQuery query, QueryGuard guard, Action release)
    {
        _statement = statement;
        _guard = guard;
        _release = release;
        _isOneOff = query.IsOneOff;
        Columns = query.Columns;
        guard.Enter();
        var state = NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(statement.Statement, out _result);
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

    public override bool NextChunk()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var ahead = _ahead;
        _ahead = null;
        return MoveTo(ahead is null ? Fetch() : ahead.GetAwaiter().GetResult());
    }

    public override async ValueTask<bool> NextChunkAsync()
    {
        if (_ahead is { } ahead)
            await ahead;
        return NextChunk();
    }

    public override void ReadAhead()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_ahead is null && !_ended)
            _ahead = Task.Run(Fetch);
    }

    public override nint TakeChunk()
    {
        var chunk = _chunk;
        _chunk = 0;
        _rowCount = 0;
        return chunk;
    }

    /// <returns>The next chunk; 0 after the last one.</returns>
    private nint Fetch()
    {
        if (_ended)
            return 0;

        _guard.Enter();
        var chunk = DuckDbNative.FetchChunk(_result);
        _guard.Leave();
        if (chunk == 0)
        {
            _ended = true;
            if (NativeMethods.Query.DuckDBResultErrorType(ref _result) != DuckDBErrorType.Invalid)
            {
                _failed = true;
                throw Error();
            }
        }

        return chunk;
    }

    private bool MoveTo(nint chunk)
    {
        FreeChunk();
        _chunk = chunk;
        if (chunk == 0)
            return false;

        _rowCount = (int)DuckDbNative.ChunkSize(_chunk);
        DuckDbNative.Bind(_chunk, Vectors);

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
        DropAhead();
        FreeChunk();
        _guard.Dispose();
        if (!_ended)
            _guard.Connection.Interrupt();
        NativeMethods.Query.DuckDBDestroyResult(ref _result);
        if (_failed || _isOneOff)
            _statement.Dispose();
        else
            _guard.Connection.Keep(_statement);
        _release();
    }

    /// <summary>Nobody wants the chunk any more that is being read: DuckDB is told, and waited for, because the connection serves another query next.</summary>
    private void DropAhead()
    {
        if (_ahead is not { } ahead)
            return;
        _ahead = null;
        var end = ((IAsyncResult)ahead).AsyncWaitHandle;
        while (!ahead.IsCompleted)
        {
            // An interrupt just before the call is forgotten, so it is repeated.
            _guard.Connection.Interrupt();
            end.WaitOne(millisecondsTimeout: 5);
        }

        if (ahead.IsCompletedSuccessfully && ahead.Result is var chunk && chunk != 0)
            DuckDbNative.DestroyChunk(ref chunk);
        else
            _failed |= ahead.Exception is not null;
    }
}
