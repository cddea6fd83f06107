using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// Interrupts a query when its caller is gone or its time is over. Only time inside DuckDB counts: <see cref="Enter"/> and
/// <see cref="Leave"/> stand around each call, so a client that reads slowly does not lose its query.
/// </summary>
internal sealed class QueryGuard : IDisposable
{
    /// <summary>DuckDB forgets an interrupt that comes just before a query begins, so it is repeated until the call returns.</summary>
    private static readonly TimeSpan Repeat = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer _timer;
    private readonly DateTimeOffset _begun;
    private TimeSpan _left;
    private long _entered;
    private bool _inside;
    private bool _timedOut;
    private bool _disposed;
    private string? _error;

    public QueryGuard(QueryConnection connection, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        Connection = connection;
        _time = time;
        _begun = time.GetUtcNow();
        _limit = _left = limit;
        _cancellation = cancellation;
        _timer = time.CreateTimer(static state => ((QueryGuard)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = cancellation.Register(static state => ((QueryGuard)state!).OnCancelled(), this);
    }

    public QueryConnection Connection { get; }

    /// <summary>What kind of query it is, see <see cref="Telemetry.Labels.QueryKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>A call into DuckDB begins.</summary>
    public void Enter()
    {
        _cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_left <= TimeSpan.Zero)
                throw QueryErrors.TimedOut(_limit);
            _inside = true;
            _entered = _time.GetTimestamp();
            _timer.Change(_left, Repeat);
        }
    }

    /// <summary>A call into DuckDB is over.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _inside = false;
            _left -= _time.GetElapsedTime(_entered);
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The exception for a DuckDB error: an interrupt is the guard's own doing.</summary>
    public Exception Explain(DuckDBErrorType type, string? detail)
    {
        _error = type.ToString();
        if (type == DuckDBErrorType.Interrupt && _timedOut)
            return QueryErrors.TimedOut(_limit);
        return type == DuckDBErrorType.Interrupt && _cancellation.IsCancellationRequested
            ? new OperationCanceledException(_cancellation)
            : QueryErrors.FromDuckDb(type, detail);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_disposed || !_inside)
                return;
            _timedOut |= !_cancellation.IsCancellationRequested;
            Connection.Interrupt();
        }
    }

    private void OnCancelled()
    {
        lock (_lock)
        {
            if (_disposed || !_inside)
                return;
            Connection.Interrupt();
            _timer.Change(Repeat, Repeat);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        QueryMetrics.Ended(Kind, _begun, _limit - _left, _error);
        _registration.Unregister();
        _timer.Dispose();
    }
}
