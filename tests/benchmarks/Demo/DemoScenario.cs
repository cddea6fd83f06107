using System.Diagnostics;
using System.Text.Json;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Benchmarks.Demo;

/// <summary>
/// The whole demo as a user runs it, in a process of its own with an empty data folder, then again with what was loaded: how long until the first row
/// can be read, and what memory the process keeps once it is idle.
/// </summary>
internal sealed class DemoScenario : IScenario
{
    private const string Tables = "/api/v1/connections/demo/tables";

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    public string Name => "demo";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("coupa-gateway-benchmark-demo-");
        try
        {
            await report.WriteLineAsync("demo at scale 1, 25 requests a second; seconds from the start of the process; memory after 15 idle seconds");
            await StartAsync(report, "empty data folder", folder.FullName, cancellationToken);
            await StartAsync(report, "started again", folder.FullName, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task StartAsync(TextWriter report, string name, string folder, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var gateway = await GatewayProcess.StartAsync(["demo", "--port", "0", "--data", folder], cancellationToken: cancellationToken);
        await gateway.UntilAsync(() => HasRowAsync(gateway.Client, cancellationToken), "a row can be read", cancellationToken);
        var firstRow = Stopwatch.GetElapsedTime(start);
        await gateway.UntilAsync(async () => (await LoadedAsync(gateway.Client, cancellationToken)).All(static table => table.Loaded), "all tables are loaded", cancellationToken);
        var loaded = Stopwatch.GetElapsedTime(start);

        await Task.Delay(Idle, cancellationToken);
        using (var process = Process.GetProcessById(gateway.Id))
        {
            await report.WriteLineAsync(
                $"  {name,-18} first row {firstRow.TotalSeconds,5:F1} s   all tables {loaded.TotalSeconds,6:F1} s   memory {process.WorkingSet64 / 1e6,4:F0} MB (peak {process.PeakWorkingSet64 / 1e6:F0} MB)");
        }

        await gateway.StopAsync(cancellationToken);
    }

    private static async Task<bool> HasRowAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var table = (await LoadedAsync(client, cancellationToken)).FirstOrDefault(static table => table.Rows > 0);
        if (table is null)
            return false;

        using var page = JsonDocument.Parse(await client.GetStringAsync($"/odata/demo/{table.Name}?$top=1", cancellationToken));
        return page.RootElement.GetProperty("value").GetArrayLength() == 1;
    }

    private static async Task<IReadOnlyList<LoadedTable>> LoadedAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var tables = JsonDocument.Parse(await client.GetStringAsync(Tables, cancellationToken));
        return [.. tables.RootElement.EnumerateArray().Select(static table => new LoadedTable(
            table.GetProperty("name").GetString()!,
            table.GetProperty("loaded").GetBoolean(),
            table.TryGetProperty("rows", out var rows) && rows.ValueKind == JsonValueKind.Number ? rows.GetInt64() : 0))];
    }

    private sealed record LoadedTable(string Name, bool Loaded, long Rows);
}
