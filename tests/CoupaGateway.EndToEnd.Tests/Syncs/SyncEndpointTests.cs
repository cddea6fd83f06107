using System.Net;
using System.Text.Json;
using CoupaGateway.Sandbox.Faults;

namespace CoupaGateway.EndToEnd.Tests.Syncs;

public sealed class SyncEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_are_asked_for_followed_refused_and_ended()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.2, tables: ["invoices", "suppliers"]);
        await using var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);

        // Loaded without being asked.
        var first = (await SyncBench.SendAsync(gateway, HttpMethod.Get, "syncs")).Body.EnumerateArray().Last();
        Assert.Equal(("missing", "full", "succeeded"), (Text(first, "trigger"), Text(first, "mode"), Text(first, "state")));
        var table = first.GetProperty("tables").EnumerateArray().Single(static one => Text(one, "table") == "invoices");
        Assert.Equal(bench.Sandbox.Control.CountRows("invoices"), table.GetProperty("recordsRead").GetInt64());
        Assert.True(table.GetProperty("rowsWritten").GetInt64() > table.GetProperty("recordsRead").GetInt64());
        Assert.Equal(table.GetProperty("rowsWritten").GetInt64(), table.GetProperty("rowsChanged").GetInt64());
        Assert.True(table.GetProperty("requests").GetInt64() > 8 && table.GetProperty("bytesRead").GetInt64() > 100_000);

        // One that lasts.
        bench.Sandbox.Control.PageDelay = TimeSpan.FromSeconds(1);
        var (status, run) = await SyncBench.SendAsync(gateway, HttpMethod.Post, "syncs", new { mode = "full", tables = new[] { "invoices" } });
        var id = Text(run, "id")!;
        Assert.Equal(HttpStatusCode.Accepted, status);
        var (conflict, problem) = await SyncBench.SendAsync(gateway, HttpMethod.Post, "syncs", new { mode = "delta" });
        Assert.Equal(HttpStatusCode.Conflict, conflict);
        Assert.Contains(id, Text(problem, "detail"), StringComparison.Ordinal);
        Assert.EndsWith("sync-running", Text(problem, "type"), StringComparison.Ordinal);
        await gateway.UntilAsync(async () => Text((await SyncBench.SendAsync(gateway, HttpMethod.Get, $"syncs/{id}")).Body, "state") == "running", "the run runs", Token);
        Assert.Equal(HttpStatusCode.Accepted, (await SyncBench.SendAsync(gateway, HttpMethod.Delete, $"syncs/{id}")).Status);

        // The events end with the run.
        var last = "";
        using (var reader = new StreamReader(await gateway.Client.GetStreamAsync($"{SyncBench.Api}syncs/{id}/events", Token)))
        {
            while (await reader.ReadLineAsync(Token) is { } line)
                last = line.StartsWith("data: ", StringComparison.Ordinal) ? line["data: ".Length..] : last;
        }

        Assert.Equal("cancelled", Text(JsonDocument.Parse(last).RootElement, "state"));
        var (over, overProblem) = await SyncBench.SendAsync(gateway, HttpMethod.Delete, $"syncs/{id}");
        Assert.Equal(HttpStatusCode.Conflict, over);
        Assert.EndsWith("sync-over", Text(overProblem, "type"), StringComparison.Ordinal);
        bench.Sandbox.Control.PageDelay = TimeSpan.Zero;
        await bench.AssertEqualsTenantAsync(gateway);

        var tables = (await SyncBench.SendAsync(gateway, HttpMethod.Get, "tables")).Body.EnumerateArray().ToDictionary(static one => Text(one, "name")!);
        Assert.Equal(id, Text(tables["invoice_lines"].GetProperty("lastRun"), "id"));
        Assert.Equal(JsonValueKind.Null, tables["invoices"].GetProperty("nextRun").ValueKind);
        Assert.False(tables["invoices"].GetProperty("stale").GetBoolean());
        Assert.Equal("ready", Text(JsonDocument.Parse(await gateway.Client.GetStringAsync("readyz", Token)).RootElement, "status"));
    }

    [Fact]
    public async Task Bad_input_is_a_problem_that_says_what_is_right()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.01, tables: ["suppliers"]);
        await using var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);

        await RefusesAsync(HttpMethod.Post, "syncs", new { tables = new[] { "invoicez" } }, HttpStatusCode.BadRequest, "no-such-table", "suppliers");
        await RefusesAsync(HttpMethod.Post, "syncs", new { mode = "quick" }, HttpStatusCode.BadRequest, "no-such-mode", "reconcile");
        await RefusesAsync(HttpMethod.Post, "syncs", new { mode = "1" }, HttpStatusCode.BadRequest, "no-such-mode", "reconcile");
        await RefusesAsync(HttpMethod.Post, "syncs", new { mode = "retry" }, HttpStatusCode.BadRequest, "nothing-to-retry", "dead-letter");
        await RefusesAsync(HttpMethod.Get, "syncs/nothing", null, HttpStatusCode.NotFound, "no-such-sync", "syncs");
        await RefusesAsync(HttpMethod.Delete, "syncs/nothing", null, HttpStatusCode.NotFound, "no-such-sync", "syncs");
        foreach (var path in new[] { "syncs", "tables", "dead-letters", "syncs/x/events", "syncs/events" })
            Assert.Equal(HttpStatusCode.NotFound, (await gateway.Client.GetAsync($"api/v1/connections/nobody/{path}", Token)).StatusCode);

        async Task RefusesAsync(HttpMethod method, string path, object? body, HttpStatusCode expected, string code, string hint)
        {
            var (status, problem) = await SyncBench.SendAsync(gateway, method, path, body);
            Assert.Equal(expected, status);
            Assert.EndsWith(code, Text(problem, "type"), StringComparison.Ordinal);
            Assert.Contains(hint, Text(problem, "detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Records_with_bad_values_are_on_a_list_and_can_be_read_again()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.05, tables: ["suppliers"]);
        bench.Sandbox.Control.AddFault(new Fault { Kind = FaultKind.Malformed, Path = "/api/suppliers", Count = 3 });
        await using var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);
        var letters = (await SyncBench.SendAsync(gateway, HttpMethod.Get, "dead-letters")).Body.EnumerateArray().ToArray();
        Assert.NotEmpty(letters);
        Assert.All(letters, static letter => Assert.Contains("does not fit", Text(letter, "reason"), StringComparison.Ordinal));

        var run = await SyncBench.EndOfAsync(gateway, (await SyncBench.StartRunAsync(gateway, "retry"))!);

        Assert.Equal("succeeded", Text(run, "state"));
        Assert.Equal(letters.Length, run.GetProperty("tables")[0].GetProperty("recordsRead").GetInt64());
        Assert.Empty((await SyncBench.SendAsync(gateway, HttpMethod.Get, "dead-letters")).Body.EnumerateArray());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
