using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CoupaGateway.Benchmarks.Loads;
using CoupaGateway.Sandbox;
using CoupaGateway.Tests.Shared;
using StackExchange.Redis;

namespace CoupaGateway.Benchmarks.Access;

/// <summary>
/// The published build over one Redis: what a million rows take there and in the data folder, how long a reader with a warm data folder needs until it is ready, its memory when nobody asks, and what one, two and three
/// reader processes deliver together.
/// </summary>
internal sealed class ReadersScenario : IScenario
{
    private const int Clients = 6;
    private const string Pages = "odata/acme/invoice_lines?$top=5000&$skip=";
    private const int PageRows = 5000;

    private static readonly double Scale = double.TryParse(Environment.GetEnvironmentVariable("BENCHMARK_SCALE"), CultureInfo.InvariantCulture, out var scale) ? scale : 10;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    public string Name => "readers";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("coupa-gateway-benchmark-readers-");
        await using var redis = await LocalRedis.StartAsync(cancellationToken);
        await using var tenant = await SandboxServer.StartAsync(new SandboxOptions { Scale = Scale, Rate = 0 }, cancellationToken: cancellationToken);
        try
        {
            var program = Path.Combine(folder.FullName, "published", "coupa-gateway");
            await Tool.RunAsync(
                "dotnet",
                ["publish", "src/CoupaGateway", "-c", "Release", "-r", $"linux-{(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64")}", "--no-self-contained", "-nologo", "-v", "q", "-p:RunAnalyzers=false", "-o", Path.GetDirectoryName(program)!],
                cancellationToken: cancellationToken);

            var rows = await LoadAsync(report, program, Settings(tenant, redis, Path.Combine(folder.FullName, "worker"), "Both"), redis, cancellationToken);
            string[] readers = [.. Enumerable.Range(1, 3).Select(number => Path.Combine(folder.FullName, $"reader-{number}"))];
            foreach (var reader in readers)
                await StartAsync(report, program, Settings(tenant, redis, reader, "Reader"), rows, cancellationToken);
            foreach (var count in new[] { 1, 2, 3 })
                await ReadAsync(report, program, [.. readers.Take(count).Select(reader => Settings(tenant, redis, reader, "Reader"))], rows, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <returns>Rows of the table that is read later.</returns>
    private static async Task<long> LoadAsync(TextWriter report, string program, Dictionary<string, string> settings, LocalRedis redis, CancellationToken cancellationToken)
    {
        await using var gateway = await GatewayProcess.StartProgramAsync(program, [], settings, cancellationToken);
        JsonElement[] tables = [];
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
            using var response = await gateway.Client.GetAsync("api/v1/connections/acme/tables", cancellationToken);
            if (response.IsSuccessStatusCode)
                tables = [.. JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken)).RootElement.EnumerateArray()];
        }
        while (tables.Length == 0 || tables.Any(static table => !table.GetProperty("loaded").GetBoolean()));

        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        var memory = (await admin.GetServers()[0].InfoAsync("memory")).SelectMany(static group => group).ToDictionary(static pair => pair.Key, static pair => pair.Value);
        var (rows, bytes) = (tables.Sum(Rows), tables.Sum(Bytes));
        await report.WriteLineAsync(Text($"{rows:N0} rows in {tables.Length} tables: {bytes / 1e6:F1} MB of chunks, {double.Parse(memory["used_memory"], CultureInfo.InvariantCulture) / 1e6:F1} MB in Redis; worker at most {gateway.PeakMemory / 1e6:F0} MB"));
        foreach (var table in tables.OrderByDescending(Rows).Take(6))
            await report.WriteLineAsync(Text($"  {table.GetProperty("name").GetString(),-30} {Rows(table),10:N0} rows, {table.GetProperty("columns").GetInt32(),3} columns: {Bytes(table) * 1e6 / Rows(table) / 1e6,7:F1} MB for a million"));
        await gateway.StopAsync(cancellationToken);
        return Rows(tables.Single(static table => table.GetProperty("name").GetString() == "invoice_lines"));
    }

    /// <summary>Fetches the chunks first, so that the data folder is warm at the second start, which is measured.</summary>
    private static async Task StartAsync(TextWriter report, string program, Dictionary<string, string> settings, long rows, CancellationToken cancellationToken)
    {
        await using (var first = await GatewayProcess.StartProgramAsync(program, [], settings, cancellationToken))
        {
            await UntilReadyAsync(first, cancellationToken);
            for (var skip = 0; skip < rows; skip += PageRows)
                await first.Client.GetByteArrayAsync(Text($"{Pages}{skip}"), cancellationToken);
            await first.StopAsync(cancellationToken);
        }

        var start = Stopwatch.GetTimestamp();
        await using var gateway = await GatewayProcess.StartProgramAsync(program, [], settings, cancellationToken);
        await UntilReadyAsync(gateway, cancellationToken);
        var ready = Stopwatch.GetElapsedTime(start);
        var unasked = await IdleMemoryAsync(gateway, cancellationToken);
        var asked = Stopwatch.GetTimestamp();
        await gateway.Client.GetByteArrayAsync("odata/acme/invoice_lines?$top=1", cancellationToken);
        var row = Stopwatch.GetElapsedTime(asked);
        var idle = await IdleMemoryAsync(gateway, cancellationToken);
        await report.WriteLineAsync(Text(
            $"reader with a warm data folder: ready after {ready.TotalSeconds:F1} s, {unasked / 1e6:F0} MB while nobody has asked; first row {row.TotalSeconds:F1} s after it was asked for, {idle / 1e6:F0} MB when idle again"));
        await gateway.StopAsync(cancellationToken);
    }

    private static async Task<long> IdleMemoryAsync(GatewayProcess gateway, CancellationToken cancellationToken)
    {
        await Task.Delay(Idle, cancellationToken);
        using var process = Process.GetProcessById(gateway.Id);
        return process.WorkingSet64;
    }

    private static async Task ReadAsync(TextWriter report, string program, Dictionary<string, string>[] settings, long rows, CancellationToken cancellationToken)
    {
        List<GatewayProcess> gateways = [];
        try
        {
            foreach (var one in settings)
            {
                gateways.Add(await GatewayProcess.StartProgramAsync(program, [], one, cancellationToken));
                await UntilReadyAsync(gateways[^1], cancellationToken);
                for (var skip = 0; skip < rows; skip += PageRows)
                    await gateways[^1].Client.GetByteArrayAsync(Text($"{Pages}{skip}"), cancellationToken);
            }

            var pages = 0;
            var start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
            {
                var random = new Random(client);
                while (Stopwatch.GetElapsedTime(start) < Measured)
                {
                    await gateways[client % gateways.Count].Client.GetByteArrayAsync(Text($"{Pages}{random.NextInt64(Math.Max(1, rows - PageRows))}"), cancellationToken);
                    Interlocked.Increment(ref pages);
                }
            }));
            await report.WriteLineAsync(Text($"{settings.Length} readers, {Clients} clients: {pages / Stopwatch.GetElapsedTime(start).TotalSeconds:F1} pages of {PageRows:N0} rows a second"));
        }
        finally
        {
            foreach (var gateway in gateways)
                await gateway.DisposeAsync();
        }
    }

    private static async Task UntilReadyAsync(GatewayProcess gateway, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await gateway.Client.GetAsync("readyz", cancellationToken);
            if (response.IsSuccessStatusCode)
                return;
            await Task.Delay(10, cancellationToken);
        }
    }

    private static Dictionary<string, string> Settings(SandboxServer tenant, LocalRedis redis, string folder, string role)
    {
        var settings = new GatewaySettings(redis, folder) { ["Sync__Role"] = role };
        settings.AddConnection("acme", tenant, "BENCHMARK_KEY", SHA256.HashData("benchmark"u8));
        return settings;
    }

    private static long Rows(JsonElement table) => table.GetProperty("rows").GetInt64();

    private static long Bytes(JsonElement table) => table.GetProperty("bytes").GetInt64();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
