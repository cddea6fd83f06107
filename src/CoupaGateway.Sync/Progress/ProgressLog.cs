using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Sync.Progress;

/// <summary>Says once a minute how far each table has come that is being loaded: a line with fields, for who reads logs.</summary>
internal sealed class ProgressLog(ISyncProgress progress, IConnectionProvider connections, IRequestBudgetProvider budgets, TimeProvider time, ILogger<ProgressLog> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Tell();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private void Tell()
    {
        var tenants = connections.Connections.ToDictionary(static connection => connection.Name, static connection => connection.Tenant);
        foreach (var table in progress.Snapshot().Where(table => table.State is TableState.Loading or TableState.Committing && tenants.ContainsKey(table.Connection)))
        {
            var budget = budgets.GetBudget(tenants[table.Connection]).Usage;
            Log.Progress(
                logger,
                table.Connection,
                table.Table,
                table.Mode,
                table.Parents,
                table.EstimatedParents,
                table.RecordsPerSecond(time.GetUtcNow()),
                table.Left(time.GetUtcNow())?.TotalSeconds,
                budget.RequestsPerSecond,
                budget.AllowedPerSecond);
        }
    }
}
