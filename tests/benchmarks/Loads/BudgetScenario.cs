using System.Diagnostics;
using CoupaGateway.Sandbox;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Benchmarks.Loads;

/// <summary>How much of the request budget a full load of one large table uses while Coupa takes a second for each page, counted at the tenant.</summary>
internal sealed class BudgetScenario : IScenario
{
    private const int Rate = 25, Burst = 20;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("BENCHMARK_SECONDS"), out var seconds) ? seconds : 60);

    public string Name => "budget";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("coupa-gateway-benchmark-budget-");
        await using var redis = await LocalRedis.StartAsync(cancellationToken);
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 100, Rate = 0, PageDelay = TimeSpan.FromSeconds(1) }, cancellationToken: cancellationToken);
        try
        {
            await using var gateway = await GatewayProcess.StartAsync(["serve"], Settings(sandbox, redis, folder.FullName), cancellationToken);
            await Task.Delay(WarmUp, cancellationToken);
            using var process = Process.GetProcessById(gateway.Id);
            var before = Requests(sandbox);
            var (ours, its) = (Environment.CpuUsage.TotalTime, process.TotalProcessorTime);
            var watch = Stopwatch.StartNew();
            await Task.Delay(Window, cancellationToken);
            var used = (Requests(sandbox) - before) / watch.Elapsed.TotalSeconds;
            process.Refresh();
            var (oursUsed, itsUsed) = ((Environment.CpuUsage.TotalTime - ours) / watch.Elapsed, (process.TotalProcessorTime - its) / watch.Elapsed);
            await report.WriteLineAsync(
                $"full load of 200,000 invoices, 1 s a page: {used:F1} of {Rate} requests a second ({used / Rate:P1}), at most {sandbox.Control.PeakRequestsPerSecond} in a second (allowed {Rate + Burst}), memory {process.WorkingSet64 / 1e6:F0} MB (peak {process.PeakWorkingSet64 / 1e6:F0} MB), cores busy: gateway {itsUsed:F2}, tenant {oursUsed:F2} of {Environment.ProcessorCount}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static long Requests(SandboxServer sandbox) => sandbox.Control.Requests.Where(static entry => entry.Key.Path.StartsWith("/api/", StringComparison.Ordinal)).Sum(static entry => entry.Value);

    private static Dictionary<string, string> Settings(SandboxServer sandbox, LocalRedis redis, string folder) => new()
    {
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["Outbound__AllowLoopback"] = "true",
        ["Cache__Redis"] = redis.ConnectionString,
        ["Cache__Folder"] = folder,
        ["Chunks__Folder"] = Path.Combine(folder, "staging"),
        ["Connections__acme__Instance"] = sandbox.BaseAddress.ToString(),
        ["Connections__acme__ClientId"] = sandbox.ClientId,
        ["Connections__acme__ClientSecret"] = sandbox.ClientSecret,
        ["Connections__acme__Tables__0"] = "invoices",
        ["Connections__acme__RequestsPerSecond"] = $"{Rate}",
        ["Connections__acme__Burst"] = $"{Burst}",
        ["Connections__acme__NewTokenGrace"] = "00:00:00",
        ["Connections__acme__Pseudonymization__BuiltInRules"] = "false",
    };
}
