using System.Collections.Concurrent;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Leases;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Diagnostics;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Runs;
using CoupaGateway.Sync.Schedules;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync;

/// <summary>Takes jobs out of the queues of all connections, a few at a time, as leases can be had. Any number of processes do so side by side.</summary>
/// <remarks>
/// <code>
///   what is missing or damaged  ─┐
///   what is due (schedules)     ─┼─► queue of the connection ─► lease of the table ─► TableWorker
///   what somebody wants (REST)  ─┘         (in Redis)
/// </code>
/// </remarks>
internal sealed class SyncEngine(
    IConnectionProvider connections, ISchemaProvider schemas, ConnectionLoader loader, RetiredTables retired, SyncRuns runs, JobQueue jobs, ILeaseStore leases, TableWorker worker, Scheduler scheduler,
    SyncProgress progress, WakeSignal wake, IOptions<LoadOptions> options, TimeProvider time, ILogger<SyncEngine> logger) : BackgroundService, ISyncEngine
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly LoadOptions _options = options.Value;
    private readonly ConcurrentDictionary<TableId, RunningJob> _running = [];
    private readonly ConcurrentDictionary<string, long> _checked = [];

    public void Reload(string connection, IReadOnlyCollection<string>? apiTables = null)
    {
        var all = schemas.Find(connection)?.ApiTables() ?? throw new ArgumentException($"There is no connection {connection}.", nameof(connection));
        if (apiTables?.Except(all).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"{connection} has no API table {unknown}.", nameof(apiTables));

        _ = ReloadAsync(connection, [.. apiTables ?? all]);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Role == SyncRole.Reader)
            return;

        connections.Changed += OnChanged;
        schemas.Changed += OnChanged;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var all = connections.Connections;
                await StopRemovedAsync(all);
                foreach (var connection in all)
                    await TryPumpAsync(connection, stoppingToken);

                await wake.WaitAsync(PollInterval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            connections.Changed -= OnChanged;
            schemas.Changed -= OnChanged;
            await Task.WhenAll(_running.Values.Select(static job => job.Ended));
        }
    }

    private void OnChanged(string connection)
    {
        _checked.TryRemove(connection, out _);
        wake.Set();
    }

    private async Task ReloadAsync(string connection, IEnumerable<string> tables)
    {
        foreach (var table in tables)
        {
            try
            {
                while (!await TryReloadAsync(connection, table))
                    await Task.Delay(PollInterval, time);
            }
            catch (ArgumentException)
            {
                // It is no longer there.
            }
            catch (Exception failure)
            {
                Log.PassFailed(logger, connection, failure);
            }
        }
    }

    /// <returns>False when it is in another run: that one may have begun too early.</returns>
    private async Task<bool> TryReloadAsync(string connection, string table)
    {
        try
        {
            await runs.StartAsync(connection, new SyncRequest { Tables = [table], Mode = LoadMode.Full }, CancellationToken.None);
            return true;
        }
        catch (RunConflictException)
        {
            return false;
        }
    }

    /// <summary>Stops what is removed, paused, or reached in another way by now; a job that is left goes on from its checkpoint when it can.</summary>
    private async Task StopRemovedAsync(IReadOnlyCollection<ConnectionConfig> all)
    {
        foreach (var (table, job) in _running)
        {
            if (all.All(connection => connection.Name != table.Connection || connection.Tenant != job.Tenant))
                await job.StopAsync();
        }
    }

    private async Task TryPumpAsync(ConnectionConfig connection, CancellationToken stopping)
    {
        try
        {
            if (schemas.Find(connection.Name) is not { } schema)
                return;

            await AskForMissingAsync(connection, schema, stopping);
            await scheduler.AskForDueAsync(connection, schema, stopping);
            await PumpAsync(connection, schema, stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            Log.PassFailed(logger, connection.Name, failure);
            _checked.TryRemove(connection.Name, out _);
        }
    }

    private async Task AskForMissingAsync(ConnectionConfig connection, SchemaRevision schema, CancellationToken stopping)
    {
        if (_checked.TryGetValue(connection.Name, out var last) && time.GetElapsedTime(last) < _options.CheckInterval)
            return;

        _checked[connection.Name] = time.GetTimestamp();

        await retired.TidyAsync(connection.Name, schema, stopping);

        // The jobs first: a table that is loaded between the two looks is not missing.
        var waiting = (await jobs.ListAsync(connection.Name, stopping)).Select(static job => job.Table).ToHashSet();
        var missing = await loader.FindMissingAsync(connection.Name, schema, stopping);
        if (missing.Count == 0)
            return;

        var wanted = missing.Where(table => !waiting.Contains(table)).ToArray();
        if (wanted.Length == 0)
            return;

        try
        {
            await runs.StartAsync(connection.Name, new SyncRequest { Tables = [.. wanted], Mode = LoadMode.Full, Trigger = RunTrigger.Missing }, stopping);
            Log.Starting(logger, connection.Name, wanted.Length);
        }
        catch (RunConflictException)
        {
            // Another process asks for the same; what it leaves out is found next time.
            OnChanged(connection.Name);
        }
    }

    private async Task PumpAsync(ConnectionConfig connection, SchemaRevision schema, CancellationToken stopping)
    {
        var queued = await jobs.ListAsync(connection.Name, stopping);
        if (queued.Count == 0)
            return;

        var now = time.GetUtcNow();
        var families = schema.ApiTables().ToDictionary(static name => name, schema.Family);

        // What somebody waits for comes first, then what is due, then what is missing; of each what has priority, then the small ones.
        var waiting = queued
            .Where(job => families.ContainsKey(job.Table) && !_running.ContainsKey(new TableId(connection.Name, job.Table)))
            .OrderBy(static job => job.Trigger).ThenByDescending(job => connection.Schedule.PriorityOf(job.Table)).ThenBy(job => families[job.Table].Length).ThenBy(static job => job.QueuedAt)
            .ToArray();
        foreach (var job in waiting)
            progress.Expect(connection.Name, job.Table, job.RunId);

        foreach (var job in waiting.Where(job => !job.IsWaiting(now)))
        {
            var isFull = job.Mode == LoadMode.Full;
            if (_running.Count(other => other.Key.Connection == connection.Name && other.Value.IsFull == isFull) >= (isFull ? _options.TablesAtOnce : _options.DeltasAtOnce))
                continue;

            var table = new TableId(connection.Name, job.Table);
            var lease = Guid.NewGuid().ToString("N");
            if (!await leases.TryAcquireAsync(table, lease, _options.LeaseLifetime, stopping))
                continue;

            var family = new FamilyJob
            {
                RunId = job.RunId,
                Connection = connection,
                Schema = schema,
                Family = families[job.Table],
                Mode = job.Mode,
                LooksBack = job.LooksBack,
                Keys = job.Keys,
                Tracker = progress.Start(connection.Name, job.Table),
            };
            var running = _running[table] = new RunningJob(isFull, connection.Tenant, stopping);
            _ = RunAsync(table, job, family, lease, running);
        }
    }

    private async Task RunAsync(TableId table, SyncJob job, FamilyJob family, string lease, RunningJob running)
    {
        try
        {
            await worker.RunAsync(job, family, lease, running.Token);
        }
        catch (Exception failure)
        {
            Log.Failed(logger, table.Connection, table.Table, failure);
        }
        finally
        {
            _running.TryRemove(table, out _);
            running.End();
            wake.Set();
        }
    }
}
