using System.Threading.Channels;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Diagnostics;
using CoupaGateway.Sync.Loading;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync;

/// <summary>One worker per connection: it loads what is missing, then what it is asked for, and after a while what has failed.</summary>
internal sealed class SyncEngine : BackgroundService, ISyncEngine
{
    private readonly ISchemaProvider _schemas;
    private readonly ConnectionLoader _loader;
    private readonly LoadOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SyncEngine> _logger;
    private readonly Dictionary<string, (ConnectionConfig Config, Channel<IReadOnlyList<string>> Requests)> _connections;

    public SyncEngine(
        IConnectionProvider connections, ISchemaProvider schemas, ConnectionLoader loader, IOptions<LoadOptions> options, TimeProvider time, ILogger<SyncEngine> logger)
    {
        (_schemas, _loader, _options, _time, _logger) = (schemas, loader, options.Value, time, logger);
        _connections = connections.Connections.ToDictionary(
            static connection => connection.Name,
            static connection => (connection, Channel.CreateUnbounded<IReadOnlyList<string>>()));
    }

    public void Reload(string connection, IReadOnlyCollection<string>? apiTables = null)
    {
        if (!_connections.TryGetValue(connection, out var known) || _schemas.Find(connection) is not { } schema)
            throw new ArgumentException($"There is no connection {connection}.", nameof(connection));

        var all = ApiTables(schema);
        if (apiTables?.Except(all).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"{connection} has no API table {unknown}.", nameof(apiTables));

        known.Requests.Writer.TryWrite(apiTables is null ? all : [.. apiTables.Distinct()]);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_connections.Values.Select(connection => RunAsync(connection.Config, connection.Requests.Reader, stoppingToken)));

    private async Task RunAsync(ConnectionConfig connection, ChannelReader<IReadOnlyList<string>> requests, CancellationToken stopping)
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
            return (await _loader.LoadAsync(connection, schema, tables, LoadMode.Full, stopping)).Count == 0;
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            Log.PassFailed(_logger, connection.Name, failure);
            return false;
        }
    }

    /// <summary>Waits for a request; null when the time is over and what is missing is to be tried again.</summary>
    private async Task<IReadOnlyList<string>?> NextAsync(ChannelReader<IReadOnlyList<string>> requests, TimeSpan patience, CancellationToken stopping)
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
