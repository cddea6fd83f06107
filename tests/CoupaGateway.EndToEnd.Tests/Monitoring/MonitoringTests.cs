using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CoupaGateway.Sandbox;
using CoupaGateway.Sandbox.Faults;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Telemetry;

namespace CoupaGateway.EndToEnd.Tests.Monitoring;

/// <summary>What a gateway tells its operators, while a tenant is loaded and read: everything that the list of instruments promises, and nothing of what people wrote.</summary>
public sealed partial class MonitoringTests
{
    private const string Canary = "CANARY7f3a";

    /// <summary>What a caller writes into addresses and headers; none of it may come out anywhere.</summary>
    private const string Planted = "PLANTED9e2c";

    /// <summary>A key that is asked for.</summary>
    private const string Key = "987654321987";

    /// <summary>Instruments of what did not happen here.</summary>
    private static readonly string[] Faults = ["coupa.token.failures", "gateway.cache.connection.failures", "gateway.sync.values.unfit"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_traces_and_logs_tell_everything_of_the_list_and_nothing_of_what_people_wrote()
    {
        using var folder = new TemporaryFolder();
        await using var collector = await OtlpCollector.StartAsync(Token);
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.05, Rate = 0, Canary = Canary }, cancellationToken: Token);
        sandbox.Control.AddFault(new Fault { Kind = FaultKind.Status, Status = 503, Skip = 3, Count = 1 });
        await using var gateway = await GatewayProcess.StartAsync(
            ["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()],
            new Dictionary<string, string>
            {
                ["Management__Port"] = "0",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
                ["Logging__LogLevel__CoupaGateway"] = "Trace",
                ["Logging__LogLevel__Microsoft"] = "Information",
                ["Logging__Console__FormatterName"] = "json",
                ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
            },
            Token);
        var feed = new Feed(gateway.Client);
        await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded", Token);
        var rows = (await feed.ReadAllAsync("suppliers", Token)).Count;
        await AskAsync(gateway.Client, "suppliers?$format=csv", HttpStatusCode.OK);
        await AskAsync(gateway.Client, "suppliers?$format=parquet&$filter=id gt 0", HttpStatusCode.OK);
        await AskAsync(gateway.Client, $"invoices?$filter=invoice_number eq '{Planted}'", HttpStatusCode.OK);
        await AskAsync(gateway.Client, $"suppliers({Key})", HttpStatusCode.NotFound);
        await AskAsync(gateway.Client, $"suppliers?$filter={Planted} eq 1", HttpStatusCode.BadRequest);
        await AskAsync(gateway.Client, Planted, HttpStatusCode.NotFound);
        await AskAsync(gateway.Client, "suppliers", HttpStatusCode.Unauthorized, Planted);

        using var management = new HttpClient { BaseAddress = new Uri(ManagementLine().Match(gateway.Output).Value) };
        var metrics = string.Empty;
        await Eventually.TrueAsync(async () => Missing(metrics = await management.GetStringAsync("metrics", Token)).Count == 0, () => $"Not told: {string.Join(", ", Missing(metrics))}");
        await gateway.UntilAsync(
            () => Task.FromResult(collector.Spans is { } spans && spans.Any(static span => span.Name == Telemetry.Spans.Chunk) && collector.Has("/v1/metrics") && collector.LogTraces.Count > 0),
            "traces, metrics and logs arrive", Token);

        // The list is complete, too.
        var known = Instruments.All.SelectMany(PrometheusNames.SeriesOf).ToHashSet();
        Assert.Empty(Series(metrics).Where(static name => name.StartsWith("gateway_", StringComparison.Ordinal) || name.StartsWith("coupa_", StringComparison.Ordinal)).Except(known));
        Assert.Equal(rows, Value(metrics, PrometheusNames.NameOf(Instruments.FeedRows), "csv"));
        Assert.True(Value(metrics, PrometheusNames.NameOf(Instruments.FeedBytes), "csv") > rows);
        Assert.Equal(1, Value(metrics, PrometheusNames.NameOf(Instruments.CoupaRequests), "\"503\""));

        // The ports do not know what is on the other.
        Assert.Equal(HttpStatusCode.NotFound, (await management.GetAsync("odata/demo/", Token)).StatusCode);
        using (var onFeed = await gateway.Client.GetAsync("metrics", Token))
            Assert.Equal(HttpStatusCode.NotFound, onFeed.StatusCode);

        await gateway.StopAsync(Token);
        AssertTraces(collector);
        foreach (var secret in new[] { Canary, Planted, Key, new SandboxOptions().ClientSecret })
        {
            Assert.DoesNotContain(secret, metrics, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, collector.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, gateway.Output, StringComparison.Ordinal);
        }
    }

    private static void AssertTraces(OtlpCollector collector)
    {
        var spans = collector.Spans.ToDictionary(static span => span.Id);
        Assert.Contains(spans.Values, span => span.Name == Telemetry.Spans.Page && spans.GetValueOrDefault(span.Parent)?.Name == Telemetry.Spans.Sync);
        Assert.Contains(spans.Values, span => span.Name == Telemetry.Spans.Query && spans.GetValueOrDefault(span.Parent)?.Name.StartsWith("GET /odata", StringComparison.Ordinal) == true);
        Assert.Contains(spans.Values, span => span.Name == Telemetry.Spans.Chunk && spans.ContainsKey(span.Parent));
        Assert.Contains(collector.LogTraces, trace => spans.Values.Any(span => span.Trace == trace));
    }

    private static async Task AskAsync(HttpClient client, string relative, HttpStatusCode expected, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Feed.Root + relative);
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        using var response = await client.SendAsync(request, Token);
        Assert.Equal(expected, response.StatusCode);
        await response.Content.LoadIntoBufferAsync(Token);
    }

    private static List<string> Missing(string metrics)
    {
        var told = Series(metrics);
        return [.. Instruments.All.Where(static instrument => !Faults.Contains(instrument.Name)).SelectMany(PrometheusNames.SeriesOf).Where(name => !told.Contains(name))];
    }

    private static HashSet<string> Series(string metrics) =>
        [.. metrics.Split('\n').Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('{', ' ')[0])];

    /// <summary>The sum of the series of a name whose labels hold a text.</summary>
    private static double Value(string metrics, string name, string label) => metrics.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(static line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));

    [GeneratedRegex("(?<=Metrics for operators at )http://[^ \"]+?(?=metrics)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ManagementLine();
}
