using System.Globalization;
using CoupaGateway.Snapshots.Leases;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Sync.Diagnostics;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Progress;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync.Runs;

/// <summary>Does one job under the lease of its table.</summary>
/// <remarks>
/// <code>
///   lease    taken by the engine; renewed while the job runs; a worker that cannot renew it in time stops
///   job      taken out of the queue when it is done; left there when the worker stops, for the next one to go on from the checkpoint
///   state    written once a second for whoever looks
/// </code>
/// </remarks>
internal sealed class TableWorker(
    ILeaseStore leases, JobQueue jobs, RunHistory history, DeadLetters letters, FamilyLoader families, ConnectionLoader loader, IOptions<LoadOptions> options, TimeProvider time,
    ILogger<TableWorker> logger)
{
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(1);
    private static readonly string Me = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}");

    private readonly LoadOptions _options = options.Value;

    /// <param name="lease">Whose lease it is.</param>
    public async Task RunAsync(SyncJob job, FamilyJob family, string lease, CancellationToken stopping)
    {
        var table = new TableId(family.Connection.Name, job.Table);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var pulse = PulseAsync(table, job with { Attempts = job.Attempts + 1 }, family.Tracker, lease, stop);
        try
        {
            if (job.IsCancelled)
                await EndAsync(table, job, family, RunState.Cancelled, stopping);
            else
                await DoAsync(table, job, family, EndPulseAsync, stop.Token, stopping);
        }
        catch (Exception failure) when (failure is OperationCanceledException || CacheFailures.IsTransient(failure))
        {
            // The job stays where it is: who has the lease next goes on with it.
            Log.WorkerStopped(logger, table, failure.GetType().Name);
        }
        finally
        {
            await EndPulseAsync();
            await ReleaseAsync(table, lease);
        }

        async Task EndPulseAsync()
        {
            await stop.CancelAsync();
            await pulse;
        }
    }

    /// <param name="endPulse">Awaited before the end is told: a "running" that comes after it would stay.</param>
    private async Task DoAsync(TableId table, SyncJob job, FamilyJob family, Func<Task> endPulse, CancellationToken stop, CancellationToken stopping)
    {
        var begun = job with { Attempts = job.Attempts + 1, NotBefore = null, Delay = null };
        if (!await jobs.TryReplaceAsync(table.Connection, job, begun, stopping))
            return;

        try
        {
            var outcome = await loader.RunAsync(family, stop);
            await endPulse();
            if (outcome == LoadOutcome.Succeeded)
            {
                await UpdateLettersAsync(table, job, family, stopping);
                SyncMetrics.Committed(family.Tracker.Current, Since(job.QueuedAt));
                await EndAsync(table, begun, family, RunState.Succeeded, stopping);
                return;
            }

            if (outcome == LoadOutcome.Held)
            {
                // However often: it is no failed attempt.
                await AgainAsync(table, begun, begun with { Attempts = job.Attempts }, family, _options.HeldDelay, stopping);
                return;
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            await endPulse();
            if (await jobs.FindAsync(table.Connection, table.Table, stopping) is not { IsCancelled: true } cancelled || cancelled.RunId != job.RunId)
                throw;

            await EndAsync(table, cancelled, family, RunState.Cancelled, stopping);
            return;
        }

        // What may pass by itself is tried again soon, what is missing until it is there; all else is told, and left to whoever asked.
        if (family.Tracker.Current.IsTransient && begun.Attempts < _options.Attempts)
            await AgainAsync(table, begun, begun, family, _options.TransientDelay, stopping);
        else if (job.Trigger == RunTrigger.Missing)
            await AgainAsync(table, begun, begun, family, _options.RetryDelay, stopping);
        else
            await EndAsync(table, begun, family, RunState.Failed, stopping);
    }

    private async Task AgainAsync(TableId table, SyncJob job, SyncJob again, FamilyJob family, TimeSpan delay, CancellationToken cancellationToken)
    {
        await history.WriteAsync(table.Connection, job.RunId, Describe(again, family.Tracker.Current) with { State = RunState.Queued, EndedAt = null }, cancellationToken);
        await jobs.TryReplaceAsync(table.Connection, job, again with { NotBefore = time.GetUtcNow() + delay, Delay = delay }, cancellationToken);
    }

    private async Task EndAsync(TableId table, SyncJob job, FamilyJob family, RunState state, CancellationToken cancellationToken)
    {
        if (state == RunState.Cancelled)
        {
            await families.AbandonAsync(family, cancellationToken);
            family.Tracker.Failed("It was cancelled.");
        }

        var run = Describe(job, family.Tracker.Current) with { State = state, EndedAt = time.GetUtcNow() };
        await history.WriteAsync(table.Connection, job.RunId, run, cancellationToken);
        while (await jobs.FindAsync(table.Connection, table.Table, cancellationToken) is { } left && left.RunId == job.RunId)
        {
            if (await jobs.TryReplaceAsync(table.Connection, left, null, cancellationToken))
                return;
        }
    }

    private Task UpdateLettersAsync(TableId table, SyncJob job, FamilyJob family, CancellationToken cancellationToken)
    {
        var keys = job.Keys.ToHashSet();
        var done = family.Tracker.Current;
        return letters.UpdateAsync(table.Connection, table.Table, done.Findings, key => done.Mode == LoadMode.Full || keys.Contains(key), cancellationToken);
    }

    /// <summary>Renews the lease, tells the state and looks whether somebody wants the job to end. Stops the job when the lease cannot be kept.</summary>
    private async Task PulseAsync(TableId table, SyncJob job, TableTracker tracker, string lease, CancellationTokenSource stop)
    {
        var renewed = time.GetTimestamp();
        using var timer = new PeriodicTimer(Pulse, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    if (time.GetElapsedTime(renewed) >= _options.LeaseLifetime / 4)
                    {
                        if (!await leases.RenewAsync(table, lease, _options.LeaseLifetime, stop.Token))
                            break;

                        renewed = time.GetTimestamp();
                    }

                    await history.WriteAsync(table.Connection, job.RunId, Describe(job, tracker.Current) with { State = RunState.Running }, stop.Token);
                    if (await jobs.FindAsync(table.Connection, table.Table, stop.Token) is not { IsCancelled: false } current || current.RunId != job.RunId)
                        break;
                }
                catch (Exception failure) when (CacheFailures.IsTransient(failure) && time.GetElapsedTime(renewed) < _options.LeaseLifetime)
                {
                    // It may come back before the lease runs out.
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException || CacheFailures.IsTransient(failure))
        {
            // The job is done, or the lease is lost.
        }

        await stop.CancelAsync();
    }

    private async Task ReleaseAsync(TableId table, string lease)
    {
        try
        {
            await leases.ReleaseAsync(table, lease, CancellationToken.None);
        }
        catch (Exception failure) when (CacheFailures.IsTransient(failure))
        {
            // It runs out by itself.
        }
    }

    private TimeSpan Since(DateTimeOffset instant) => time.GetUtcNow() is var now && now > instant ? now - instant : TimeSpan.Zero;

    private TableRun Describe(SyncJob job, TableProgress progress)
    {
        var now = time.GetUtcNow();
        return new TableRun
        {
            Table = job.Table,
            Mode = progress.StartedAt is null ? job.Mode : progress.Mode,
            Records = progress.Parents,
            EstimatedRecords = progress.EstimatedParents,
            Rows = progress.Rows,
            Changed = progress.Changed,
            Deleted = progress.Deleted,
            BadValues = progress.BadValues,
            UnusableRecords = progress.Findings.UnusableRecords,
            Requests = progress.Requests,
            Retries = progress.Retries,
            From = progress.From,
            Until = progress.Until,
            Bytes = progress.Bytes,
            CurrentId = progress.CurrentId,
            Rate = progress.RecordsPerSecond(now),
            EstimatedEnd = now + progress.Left(now),
            StartedAt = progress.StartedAt,
            EndedAt = progress.EndedAt,
            Attempts = job.Attempts,
            Worker = Me,
            Error = progress.Error,
        };
    }
}
