using System.Collections.Immutable;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;

namespace CoupaGateway.OData.Decoded;

/// <summary>The rows behind a key, in key order, out of chunks that are decoded as a whole.</summary>
/// <remarks>
/// (1) find the first row behind the key, and let parts before it go, at the end again, when the request for the page before is over for certain; (2) hand out part after part of the chunk, then those of the next one; (3) have the next chunk read when little more than this page is left
/// of the one before, so that it is there when the client asks for the next page; (4) where there is no room for the next chunk, the rest of the page is a query.
/// </remarks>
internal sealed class DecodedRowReader : RowReader
{
    private readonly DecodedChunkCache _cache;
    private readonly CollectionQuery _query;
    private readonly PagePlan _plan;
    private readonly TableSource _source;
    private readonly IQueryEngine _engine;
    private readonly ImmutableArray<long> _after;
    private readonly CancellationToken _cancellation;
    private DecodedChunk? _chunk;
    private int _index;
    private int _part;
    private int _needed;
    private bool _isBehind;
    private bool _hasBegunNext;
    private long _left;
    private long _leftHere;
    private OpenTables? _tables;
    private RowReader? _rest;
    private ImmutableArray<ColumnVector> _vectors = [];
    private int _rowCount;
    private int _firstRow;

    private DecodedRowReader(DecodedChunkCache cache, DecodedChunk first, CollectionQuery query, PagePlan plan, ImmutableArray<long> after, TableSource source, IQueryEngine engine, CancellationToken cancellation)
    {
        (_cache, _chunk, _query, _plan, _after, _source, _engine, _cancellation) = (cache, first, query, plan, after, source, engine, cancellation);
        _left = query.Limit;
        _part = first.FirstPart - 1;
    }

    public override ImmutableArray<RowColumn> Columns => _plan.Columns;

    public override ImmutableArray<ColumnVector> Vectors => _vectors;

    public override int RowCount => _rowCount;

    public override int FirstRow => _firstRow;

    /// <param name="plan">Its chunks are those from the key on.</param>
    /// <param name="after">The key, as far as the order goes.</param>
    /// <returns>Null where there is no room for the first chunk.</returns>
    public static async ValueTask<DecodedRowReader?> OpenAsync(
        DecodedChunkCache cache, CollectionQuery query, PagePlan plan, ImmutableArray<long> after, TableSource source, IQueryEngine engine, CancellationToken cancellationToken)
    {
        if (cache.Enter(query.Snapshot, plan.Chunks[0], plan.Items, plan.Columns, after, isContinuation: false) is not { } first)
            return null;

        var reader = new DecodedRowReader(cache, first, query, plan, after, source, engine, cancellationToken);
        try
        {
            // Whoever writes rows wants to know the vectors first.
            if (await first.PartAsync(0, cancellationToken) is null)
                throw new InvalidOperationException("A chunk has no rows.");
            reader._vectors = first.NewVectors();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    public override bool NextChunk() => NextChunkAsync().AsTask().GetAwaiter().GetResult();

    public override async ValueTask<bool> NextChunkAsync()
    {
        _left -= _leftHere;
        _leftHere = 0;
        while (true)
        {
            if (_rest is not null)
                return await NextOfRestAsync();
            if (_chunk is null && !await NextDecodedAsync())
                return _rest is not null && await NextOfRestAsync();

            // (2)
            if (await _chunk!.PartAsync(++_part, _cancellation) is { } part)
            {
                if (Bind(part))
                    return true;
                continue;
            }

            _cache.Leave(_chunk, isPassed: true);
            _chunk = null;
            _index++;
        }
    }

    /// <summary>The next chunk is read ahead as a whole.</summary>
    public override void ReadAhead()
    {
    }

    public override void Dispose()
    {
        if (_chunk is not null)
        {
            PassParts();
            BeginNext();
            _cache.Leave(_chunk, isPassed: false);
            _chunk = null;
        }

        _rest?.Dispose();
        _rest = null;
        _tables?.Dispose();
        _tables = null;
    }

    // (1)
    private void PassParts() => _cache.Pass(_chunk!, _needed, _after);

    private bool Bind(DecodedPart part)
    {
        DuckDbNative.Bind(part.Handle, _vectors);

        // (1)
        _firstRow = _isBehind ? 0 : FirstBehind(part.Rows);
        if (_firstRow == part.Rows)
            return false;
        if (!_isBehind)
        {
            (_isBehind, _needed) = (true, _part);
            PassParts();
        }

        _rowCount = part.Rows;
        _leftHere = Math.Min(_left, part.Rows - _firstRow);
        BeginNext();
        return true;
    }

    private async ValueTask<bool> NextDecodedAsync()
    {
        _rowCount = 0;
        if (_index >= _plan.Chunks.Length)
            return false;
        (_part, _needed) = (-1, 0);
        _hasBegunNext = false;
        _chunk = Enter(_index);
        if (_chunk is null)
            await OpenRestAsync();
        return _chunk is not null;
    }

    private DecodedChunk? Enter(int index) => _cache.Enter(_query.Snapshot, _plan.Chunks[index], _plan.Items, _plan.Columns, after: default, isContinuation: true);

    // (3)
    private void BeginNext()
    {
        if (!_isBehind || _hasBegunNext || _index + 1 >= _plan.Chunks.Length || !_chunk!.IsComplete || _chunk.RowsFrom(_part) - _firstRow - _left >= _query.Limit)
            return;
        _hasBegunNext = true;
        if (Enter(_index + 1) is { } next)
            _cache.Leave(next, isPassed: false);
    }

    // (4)
    private async ValueTask OpenRestAsync()
    {
        var plan = _plan with { Chunks = _plan.Chunks[_index..] };
        _tables = await _source.OpenAsync(_query.Snapshot, plan.Chunks, related: [], _cancellation);
        _rest = await _engine.OpenAsync(plan.ToQuery(_tables) with { IsContinuation = true }, _cancellation);
    }

    private async ValueTask<bool> NextOfRestAsync()
    {
        var any = await _rest!.NextChunkAsync();
        _firstRow = 0;
        _rowCount = _rest.RowCount;
        for (var column = 0; any && column < _vectors.Length; column++)
            _vectors[column].BindLike(_rest.Vectors[column]);
        return any;
    }

    private int FirstBehind(int rows)
    {
        var (low, high) = (0, rows);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (IsBehind(middle))
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private bool IsBehind(int row)
    {
        for (var part = 0; part < _after.Length; part++)
        {
            if (_vectors[_plan.TokenColumns[part]].ReadInteger(row).CompareTo(_after[part]) is not 0 and var order)
                return order > 0;
        }

        return false;
    }
}
