using System.Collections.Immutable;
using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Sync.Progress;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CoupaGateway.Demo;

/// <summary>The progress of the first load: a live table in a terminal, a line per finished table elsewhere.</summary>
internal sealed class DemoDisplay(
    IAnsiConsole console, ISyncProgress progress, SchemaRevision schema, ISnapshotCatalog catalog, IRequestBudget budget, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private const int BarWidth = 20;

    /// <summary>Returns when every table is loaded or failed; at once when there is nothing to load.</summary>
    /// <exception cref="OperationCanceledException">The demo ends before.</exception>
    public Task ShowUntilLoadedAsync(CancellationToken cancellationToken) =>
        console.Profile.Capabilities.Interactive
            ? console.Live(new Text("")).StartAsync(context => PollAsync(tables => context.UpdateTarget(Render(tables)), cancellationToken))
            : ShowLinesAsync(cancellationToken);

    private async Task PollAsync(Action<ImmutableArray<TableProgress>> show, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            // Somebody may add connections of his own meanwhile.
            var tables = progress.Snapshot().Where(static table => table.Connection == DemoOptions.Connection).ToImmutableArray();
            show(tables);
            if (IsOver(tables))
            {
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>After a warm start nothing is loaded, so progress alone does not tell: what counts is that every table can be read or has failed.</summary>
    private bool IsOver(ImmutableArray<TableProgress> tables)
    {
        var failed = tables.Where(static table => table.State == TableState.Failed).Select(static table => table.Table).ToHashSet();
        return tables.All(static table => table.State is TableState.Loaded or TableState.Failed)
            && schema.Tables.All(table => failed.Contains(table.Root) || catalog.FindCurrent(new TableId(DemoOptions.Connection, table.Name)) is not null);
    }

    private Task ShowLinesAsync(CancellationToken cancellationToken)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        return PollAsync(
            tables =>
            {
                foreach (var table in tables.Where(table => table.State is TableState.Loaded or TableState.Failed).Where(table => said.Add(table.Table)))
                {
                    console.WriteLine(table.State == TableState.Loaded
                        ? $"loaded {table.Table}: {table.Parents} records, {table.Rows.Values.Sum()} rows, {table.Requests} requests"
                        : $"failed {table.Table}: {table.Error}");
                }
            },
            cancellationToken);
    }

    private IRenderable Render(ImmutableArray<TableProgress> tables)
    {
        var grid = new Table().Border(TableBorder.Simple).AddColumns("table", "", "records", "rows", "a second", "left");
        foreach (var table in tables)
        {
            grid.AddRow(
                table.Table.EscapeMarkup(),
                Bar(table),
                table.Parents.ToString("N0"),
                table.Rows.Values.Sum().ToString("N0"),
                table.RecordsPerSecond(time.GetUtcNow())?.ToString("N0") ?? "",
                Left(table));
        }

        return new Rows(grid, Summary(tables));
    }

    private Markup Summary(ImmutableArray<TableProgress> tables)
    {
        var usage = budget.Usage;
        var full = (int)(Math.Min(1, usage.RequestsPerSecond / usage.AllowedPerSecond) * BarWidth);
        return new Markup(
            $"{tables.Count(static table => table.State == TableState.Loaded)} of {tables.Length} loaded, {tables.Sum(static table => table.Rows.Values.Sum()):N0} rows   "
            + $"requests [blue]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/] {usage.RequestsPerSecond:N1} of {usage.AllowedPerSecond:N1} a second");
    }

    private static string Bar(TableProgress table)
    {
        var share = table switch
        {
            { State: TableState.Loaded } => 1,
            { EstimatedParents: { } all and > 0 } => Math.Min(1, (double)table.Parents / all),
            _ => 0,
        };
        var full = (int)(share * BarWidth);
        var color = table.State == TableState.Failed ? "red" : "green";
        return $"[{color}]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/]";
    }

    private string Left(TableProgress table)
    {
        switch (table.State)
        {
            case TableState.Loaded:
                return "[green]readable[/]";
            case TableState.Failed:
                return $"[red]{(table.Error ?? "failed").EscapeMarkup()}[/]";
            case TableState.Loading when table.Left(time.GetUtcNow()) is { } left:
                return $"{left.TotalSeconds:N0} s";
            default:
                return table.State.ToString().ToLowerInvariant();
        }
    }
}
