using System.Threading.Channels;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Diagnostics;
using CoupaGateway.Sync.Loading;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync;

/// <summary>
/// One worker per connection: it loads what is missing, then what it is asked for, and after a while what has failed. Workers come, go and begin anew
/// as connections do.
/// </summary>
internal sealed class SyncEngine(
    IConnectionProvider connections, ISchemaProvider schemas, ConnectionLoader loader, IOptions<LoadOptions> options, TimeProvider time, ILogger<SyncEngine> logger)
    : BackgroundService, ISyncEngine
{
    private readonly ISchemaProvider _schemas = schemas;
    private readonly ConnectionLoader _loader = loader;
    private readonly LoadOptions _options = options.Value;
    private readonly TimeProvider _time = time;
    private readonly ILogger<SyncEngine> _logger = logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ConnectionWorker> _workers = new(StringComparer.Ordinal);

    /// <summary>The newest worker of each connection that was stopped, perhaps still on its way out.</summary>
    private readonly Dictionary<string, Task> _ending = new(StringComparer.Ordinal);
    private CancellationToken? _stopping;

    public void Reload(string connection, IReadOnlyCollection<string>? apiTables = null)
    {
        ConnectionWorker? worker;
        lock (_gate)
            _workers.TryGetValue(connection, out worker);
        if (worker is null || _schemas.Find(connection) is not { } schema)
            throw new ArgumentException($"There is no connection {connection} that is kept in sync.", nameof(connection));

        var all = ApiTables(schema);
        if (apiTables?.Except(all).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"{connection} has no API table {unknown}.", nameof(apiTables));

        worker.Ask(apiTables is null ? all : [.. apiTables.Distinct()]);
    }

    public Task WhenStoppedAsync(string connection, CancellationToken cancellationToken)
    {
        lock (_gate)
            return _ending.TryGetValue(connection, out var ending) ? ending.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lock (_gate)
            _stopping = stoppingToken;
        connections.Changed += Follow;
        try
        {
            foreach (var connection in connections.Connections)
                Follow(connection.Name);
            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            connections.Changed -= Follow;
        }

        Task[] last;
        lock (_gate)
            last = [.. _workers.Values.Select(static worker => worker.Running), .. _ending.Values];
        await Task.WhenAll(last);
    }

    /// <summary>Makes the worker of a connection what the connection is now: none, the same, or another.</summary>
    private void Follow(string name)
    {
        var wanted = connections.Connections.FirstOrDefault(connection => connection.Name == name);
        lock (_gate)
        {
            if (_stopping is not { IsCancellationRequested: false } stopping)
                return;

            if (_workers.TryGetValue(name, out var worker))
            {
                if (worker.Config == wanted)
                {
                    worker.Ask(null); // its tables may have changed
                    return;
                }

                _workers.Remove(name);
                _ending[name] = worker.StopAsync();
            }

            if (wanted is not null)
                _workers[name] = new ConnectionWorker(wanted, _ending.GetValueOrDefault(name, Task.CompletedTask), RunAsync, stopping);
        }
    }

    private async Task RunAsync(ConnectionConfig connection, ChannelReader<IReadOnlyList<string>?> requests, CancellationToken stopping)
    {
        IReadOnlyList<string>? asked = null;
        while (!stopping.IsCancellationRequested)
        {
            var complete = await TryLoadAsync(connection, asked, stopping);
            asked = await NextAsync(requests, complete ? _options.CheckInterval : _options.RetryDelay, stopping);
        }
    }

    /// <param name="asked">The tables to load; null for those that are missing.</param>
    /// <returns>False when something failed.</returns>
    private async Task<bool> TryLoadAsync(ConnectionConfig connection, IReadOnlyList<string>? asked, CancellationToken stopping)
    {
        try
        {
            if (_schemas.Find(connection.Name) is not { } schema)
                return true;

            var tables = asked ?? await _loader.FindMissingAsync(connection.Name, schema, stopping);
            if (tables.Count == 0)
                return true;

            Log.Starting(_logger, connection.Name, tables.Count);
            return (await _loader.LoadAsync(connection, schema, tables, stopping)).Count == 0;
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            Log.PassFailed(_logger, connection.Name, failure);
            return false;
        }
    }

    /// <summary>Waits for a request; null when what is missing is to be looked for: because it is asked for, or because the time is over.</summary>
    private async Task<IReadOnlyList<string>?> NextAsync(ChannelReader<IReadOnlyList<string>?> requests, TimeSpan patience, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            return await requests.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private static IReadOnlyList<string> ApiTables(SchemaRevision schema) =>
        [.. schema.Tables.Where(static table => table.Parent is null).Select(static table => table.Name)];
}
