using System.Collections.Concurrent;
using CoupaGateway.Snapshots.Chunks;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// One locked-down in-memory DuckDB, a pool of connections to it, and a short queue in front. Queries block the thread that asks for rows.
/// </summary>
internal sealed class DuckDbQueryEngine : IQueryEngine, IDisposable
{
    private readonly QueryOptions _options;
    private readonly TimeProvider _time;
    private readonly string _tempFolder;
    private readonly QueryDatabase _database;
    private readonly ConcurrentBag<QueryConnection> _idle = [];
    private readonly SemaphoreSlim _turns;
    private int _waiting;

    public DuckDbQueryEngine(IOptions<QueryOptions> options, IChunkCache chunks, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _turns = new SemaphoreSlim(_options.MaxConcurrent);
        _tempFolder = Path.Combine(_options.TempFolder ?? Path.GetTempPath(), $"coupa-gateway-query-{Guid.NewGuid():N}");
        _database = new QueryDatabase(_options, Path.GetFullPath(chunks.Folder), _tempFolder);
        LeaveThreadsForOthers(_options.MaxConcurrent);
    }

    public async ValueTask<RowReader> OpenAsync(RowQuery query, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(cancellationToken);
        QueryConnection? connection = null;
        try
        {
            if (!_idle.TryTake(out connection))
                connection = new QueryConnection(_database.Connect());
            return Start(connection, query, cancellationToken);
        }
        catch
        {
            Release(connection);
            throw;
        }
    }

    private DuckDbRowReader Start(QueryConnection connection, RowQuery query, CancellationToken cancellationToken)
    {
        var statement = connection.Prepare(query.Sql);
        QueryGuard? guard = null;
        try
        {
            ParameterBinder.Bind(statement, query.Parameters);
            guard = new QueryGuard(connection, _options.TimeLimit, _time, cancellationToken);
            return new DuckDbRowReader(statement, query, guard, () => Release(connection));
        }
        catch
        {
            guard?.Dispose();
            statement.Dispose();
            throw;
        }
    }

    private async ValueTask TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (_turns.Wait(TimeSpan.Zero, cancellationToken))
            return;

        var taken = false;
        if (Interlocked.Increment(ref _waiting) <= _options.MaxQueued)
            taken = await WaitAsync(cancellationToken);
        else
            Interlocked.Decrement(ref _waiting);
        if (!taken)
            throw QueryErrors.Busy();
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _turns.WaitAsync(_options.QueueTimeout, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void Release(QueryConnection? connection)
    {
        if (connection is not null)
            _idle.Add(connection);
        _turns.Release();
    }

    /// <summary>Running queries hold threads of the pool; without more of them, requests that need no query would wait for a thread.</summary>
    private static void LeaveThreadsForOthers(int queries)
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        if (workers < Environment.ProcessorCount + queries)
            ThreadPool.SetMinThreads(Environment.ProcessorCount + queries, ports);
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var connection))
            connection.Dispose();
        _database.Dispose();
        _turns.Dispose();
        if (Directory.Exists(_tempFolder))
            Directory.Delete(_tempFolder, recursive: true);
    }
}
