using CoupaGateway.Snapshots.Chunks;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// Locked-down in-memory DuckDB with a short queue in front. Queries block the thread that asks for rows.
/// </summary>
/// <remarks>
/// There are two instances, because the number of threads is a matter of the instance: one thread reads a page out of a chunk or two in half the time
/// and a third of the work of two, which read row groups that nobody wants; a scan over all chunks is the faster the more work on it.
/// </remarks>
internal sealed class DuckDbQueryEngine : IQueryEngine, IParquetExporter, IDisposable
{
    /// <summary>Reading a chunk or two needs little memory; scans, sorts and groups get the rest.</summary>
    private const int ShortShare = 4;

    private readonly QueryOptions _options;
    private readonly TimeProvider _time;
    private readonly string _tempFolder;
    private readonly string _exportFolder;
    private readonly QueryDatabase _short;
    private readonly QueryDatabase _scans;
    private readonly SemaphoreSlim _turns;
    private int _waiting;

    public DuckDbQueryEngine(IOptions<QueryOptions> options, IChunkCache chunks, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _turns = new SemaphoreSlim(_options.MaxConcurrent);
        _tempFolder = Path.Combine(_options.TempFolder ?? Path.GetTempPath(), $"coupa-gateway-query-{Guid.NewGuid():N}");
        _exportFolder = $"{_tempFolder}-exports";
        Directory.CreateDirectory(_exportFolder);
        var config = new QueryDatabaseConfig(
            _options.ThreadCount,
            _options.MemoryLimit - (_options.MemoryLimit / ShortShare),
            _options.TempLimit,
            Path.GetFullPath(chunks.Folder),
            _tempFolder);
        _scans = new QueryDatabase(config with { ExportFolder = Path.GetFullPath(_exportFolder) });
        _short = new QueryDatabase(config with
        {
            Threads = 1,
            MemoryLimit = _options.MemoryLimit / ShortShare,
            TempLimit = 0,
        });
        LeaveThreadsForOthers(_options.MaxConcurrent);
    }

    public async ValueTask<RowReader> OpenAsync(RowQuery query, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(query, cancellationToken);
        var database = query.IsShort ? _short : _scans;
        QueryConnection? connection = null;
        try
        {
            connection = database.Rent();
            return Start(database, connection, query, cancellationToken);
        }
        catch
        {
            if (connection is not null)
                database.Return(connection);
            _turns.Release();
            throw;
        }
    }

    public async ValueTask<TemporaryFile> ExportAsync(RowQuery query, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(query, cancellationToken);
        var connection = _scans.Rent();
        var file = new TemporaryFile(NewExport());
        try
        {
            using var guard = new QueryGuard(connection, _options.TimeLimit, _time, cancellationToken) { Kind = "export" };
            ParquetCopy.Run(query, file.Path, _options.TempLimit, guard, _time);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
        finally
        {
            _scans.Return(connection);
            _turns.Release();
        }
    }

    public Stream OpenSpool() => new FileStream(NewExport(), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 64 * 1024, FileOptions.DeleteOnClose);

    private string NewExport() => Path.Combine(Path.GetFullPath(_exportFolder), $"{Guid.NewGuid():N}");

    private DuckDbRowReader Start(QueryDatabase database, QueryConnection connection, RowQuery query, CancellationToken cancellationToken)
    {
        var statement = connection.Prepare(query.Sql);
        QueryGuard? guard = null;
        try
        {
            ParameterBinder.Bind(statement.Statement, query.Parameters);
            guard = new QueryGuard(connection, _options.TimeLimit, _time, cancellationToken) { Kind = query.IsShort ? "short" : "scan" };
            return new DuckDbRowReader(statement, query, guard, () =>
            {
                database.Return(connection);
                _turns.Release();
            });
        }
        catch
        {
            guard?.Dispose();
            statement.Dispose();
            throw;
        }
    }

    private async ValueTask TakeTurnAsync(RowQuery query, CancellationToken cancellationToken)
    {
        if (_turns.Wait(TimeSpan.Zero, cancellationToken))
            return;
        if (query.IsContinuation)
        {
            await _turns.WaitAsync(cancellationToken);
            return;
        }

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

    /// <summary>Running queries hold threads of the pool; without more of them, requests that need no query would wait for a thread.</summary>
    private static void LeaveThreadsForOthers(int queries)
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        if (workers < Environment.ProcessorCount + queries)
            ThreadPool.SetMinThreads(Environment.ProcessorCount + queries, ports);
    }

    public void Dispose()
    {
        _short.Dispose();
        _scans.Dispose();
        _turns.Dispose();
        foreach (var folder in new[] { _tempFolder, _exportFolder }.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
    }
}
