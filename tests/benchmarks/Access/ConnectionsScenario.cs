using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CoupaGateway.Benchmarks.Loads;
using CoupaGateway.Sandbox;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Benchmarks.Access;

/// <summary>
/// A gateway with 100 connections, each with all 100 tables of the catalogue and a key of its own, loaded, on a Redis of its own: started again in a process of its own, until the last feed answers, and the memory of
/// the process then, and after a client has read the metadata and a page of every feed.
/// </summary>
internal sealed class ConnectionsScenario : IScenario
{
    private const int Connections = 100;
    private const int Tables = 100;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public string Name => "connections";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("coupa-gateway-benchmark-connections-");
        await using var redis = await LocalRedis.StartAsync(cancellationToken);
        await using var tenant = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.01, Rate = 0 }, cancellationToken: cancellationToken);
        try
        {
            var settings = Settings(tenant, redis, folder.FullName);
            await LoadAsync(report, settings, cancellationToken);
            await StartAsync(report, settings, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task LoadAsync(TextWriter report, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var gateway = await GatewayProcess.StartAsync([], settings, cancellationToken);
        for (var loaded = -1; loaded < Connections * Tables;)
        {
            var before = loaded;
            await gateway.UntilAsync(async () => (loaded = await LoadedAsync(gateway.Client, cancellationToken)) > before, "more tables are loaded", cancellationToken);
            await Task.Delay(PollInterval, cancellationToken);
        }

        await report.WriteLineAsync(Line("first start, until all 10,000 tables are loaded", start, gateway));
        await gateway.StopAsync(cancellationToken);
    }

    private static async Task StartAsync(TextWriter report, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var gateway = await GatewayProcess.StartAsync([], settings, cancellationToken);
        await gateway.UntilAsync(async () => await IsReadableAsync(gateway.Client, Connection(0), cancellationToken), "the first feed has rows", cancellationToken);
        await report.WriteLineAsync(Line("started again, until rows of the first feed", start, gateway));
        for (var i = 0; i < Connections; i++)
            await gateway.UntilAsync(async () => await IsReadableAsync(gateway.Client, Connection(i), cancellationToken), $"{Connection(i)} has rows", cancellationToken);
        await report.WriteLineAsync(Line("until rows of all feeds", start, gateway));

        for (var i = 0; i < Connections; i++)
            await gateway.Client.GetByteArrayAsync(new Uri($"odata/{Connection(i)}/$metadata", UriKind.Relative), cancellationToken);
        await report.WriteLineAsync(Line("until the metadata of all feeds was read", start, gateway));
        await Task.Delay(Idle, cancellationToken);
        await report.WriteLineAsync(Line("after ten idle seconds", start, gateway));
        await gateway.StopAsync(cancellationToken);
    }

    private static string Line(string what, long start, GatewayProcess gateway)
    {
        using var process = Process.GetProcessById(gateway.Id);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  {what,-50} {Stopwatch.GetElapsedTime(start).TotalSeconds,6:F1} s   memory {process.WorkingSet64 / 1e6,5:F0} MB   peak {process.PeakWorkingSet64 / 1e6,5:F0} MB");
    }

    private static Dictionary<string, string> Settings(SandboxServer tenant, LocalRedis redis, string folder)
    {
        var settings = new GatewaySettings(redis, folder);
        for (var i = 0; i < Connections; i++)
        {
            var section = settings.AddConnection(Connection(i), tenant, $"BENCHMARK_KEY_{i}", RandomNumberGenerator.GetBytes(32));
            settings[section + "Schedule__Delta"] = settings[section + "Schedule__LookBack"] = settings[section + "Schedule__Reconcile"] = "";
        }

        return settings;
    }

    private static string Connection(int number) => string.Create(CultureInfo.InvariantCulture, $"tenant-{number}");

    private static async Task<int> LoadedAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var loaded = 0;
        for (var i = 0; i < Connections; i++)
        {
            using var response = await client.GetAsync(new Uri($"api/v1/connections/{Connection(i)}/tables", UriKind.Relative), cancellationToken);
            if (!response.IsSuccessStatusCode)
                continue; // its metadata was not read yet

            using var tables = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            loaded += tables.RootElement.EnumerateArray().Count(static table => table.GetProperty("loaded").GetBoolean());
        }

        return loaded;
    }

    private static async Task<bool> IsReadableAsync(HttpClient client, string connection, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(new Uri($"odata/{connection}/invoices?$top=1", UriKind.Relative), cancellationToken);
        return response.IsSuccessStatusCode;
    }
}
