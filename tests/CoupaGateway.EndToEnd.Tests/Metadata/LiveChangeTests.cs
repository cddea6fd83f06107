using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CoupaGateway.EndToEnd.Tests.Syncs;
using CoupaGateway.Schema.Custom;

namespace CoupaGateway.EndToEnd.Tests.Metadata;

/// <summary>Custom metadata that changes while two gateways serve the feed.</summary>
public sealed class LiveChangeTests
{
    private const string Feed = "odata/acme/";

    private const string OneColumn = """
        {"metadataSources":[{"url":"suppliers","targetResources":["suppliers"]}],
         "resources":[{"displayName":"suppliers","columns":[{"name":"legacy-vendor-group","pseudonymize":"keep"}]}]}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_revision_is_in_force_on_every_gateway_and_what_was_begun_before_goes_on()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.5, tables: ["suppliers"]);
        var first = await bench.StartGatewayAsync(("Feed__MaxPageSize", "100"));
        var second = await bench.StartGatewayAsync(("Feed__MaxPageSize", "100"));
        await SyncBench.UntilIdleAsync(first);
        await SyncBench.UntilIdleAsync(second);
        var rows = (await GetAsync(second, "suppliers?$count=true&$top=0")).GetProperty("@odata.count").GetInt64();
        var begun = await GetAsync(second, "suppliers?$select=id,name");
        var whole = await GetAsync(second, "suppliers");

        bench.Sandbox.Control.PageDelay = TimeSpan.FromSeconds(1);
        await PutAsync(first, OneColumn, tag: null);
        await second.UntilAsync(async () => (await second.Client.GetStringAsync(Feed + "$metadata", Token)).Contains("legacy_vendor_group", StringComparison.Ordinal), "the other gateway follows", Token);

        // The rows are those of before, the new column is null; pages go on where they were.
        Assert.Equal(JsonValueKind.Null, (await GetAsync(second, "suppliers?$select=id,legacy_vendor_group&$top=1")).GetProperty("value")[0].GetProperty("legacy_vendor_group").ValueKind);
        Assert.Equal(rows, await CountAsync(second, begun));
        Assert.Equal(rows, await CountAsync(second, whole));

        bench.Sandbox.Control.PageDelay = TimeSpan.Zero;
        await second.UntilAsync(
            async () => (await GetAsync(second, "suppliers?$select=id&$filter=legacy_vendor_group ne null&$top=1")).GetProperty("value").GetArrayLength() > 0, "the column has values", Token);
        Assert.Equal(rows, (await GetAsync(second, "suppliers?$count=true&$top=0")).GetProperty("@odata.count").GetInt64());
    }

    [Fact]
    public async Task Requests_in_flight_never_fail_however_often_the_metadata_changes()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.1, tables: ["suppliers"]);
        var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var answers = 0;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                Assert.Equal(5, (await GetAsync(gateway, "suppliers?$top=5")).GetProperty("value").GetArrayLength());
                Interlocked.Increment(ref answers);
            }
        })).ToArray();

        string? tag = null;
        for (var revision = 0; revision < 30; revision++)
            tag = await PutAsync(gateway, revision % 2 == 0 ? OneColumn : "{}", tag);

        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.True(answers > 10, $"{answers} answers");
    }

    [Fact]
    public async Task Records_without_the_primary_key_are_counted_and_the_others_are_served()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.2, tables: ["suppliers"]);
        bench.Sandbox.Control.AddCustomField("expense_reports", "legacy-number", "integer", atRoot: true);
        var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);
        await PutAsync(gateway, """
            {"metadataSources":[{"url":"expense_reports","targetResources":["expense_reports"]}],
             "resources":[{"displayName":"expense_reports","columns":["id",{"name":"legacy-number","type":"INTEGER","primaryKey":true},{"name":"status","pseudonymize":"keep"}]}]}
            """, tag: null);
        await gateway.UntilAsync(async () => (await gateway.Client.GetAsync(Feed + "expense_reports?$top=1", Token)).StatusCode == HttpStatusCode.OK, "the table is loaded", Token);
        await SyncBench.UntilIdleAsync(gateway);

        var served = (await GetAsync(gateway, "expense_reports?$top=1000")).GetProperty("value").EnumerateArray().ToArray();
        Assert.NotEmpty(served);
        Assert.All(served, static row => Assert.Equal(JsonValueKind.Number, row.GetProperty("legacy_number").ValueKind));
        var run = (await SyncBench.SendAsync(gateway, HttpMethod.Get, "syncs")).Body.EnumerateArray().SelectMany(static one => one.GetProperty("tables").EnumerateArray())
            .First(static table => table.GetProperty("table").GetString() == "expense_reports");
        Assert.Equal("succeeded", run.GetProperty("state").GetString());
        Assert.True(run.GetProperty("unusableRecords").GetInt64() > 0, run.ToString());
    }

    [Fact]
    public async Task A_document_of_5_MB_or_too_deep_is_refused_and_disturbs_nothing()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.02, tables: ["suppliers"]);
        var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);
        var tag = await PutAsync(gateway, OneColumn, tag: null);
        var large = $$"""{"remark":"{{new string('x', MetadataLimits.Bytes)}}"}""";
        var deep = new string('[', 5_000) + new string(']', 5_000);
        foreach (var (body, status) in new[] { (large, HttpStatusCode.RequestEntityTooLarge), (deep, HttpStatusCode.BadRequest), ("nonsense", HttpStatusCode.BadRequest) })
        {
            foreach (var (method, path) in new[] { (HttpMethod.Put, ""), (HttpMethod.Post, "/validate"), (HttpMethod.Post, "/diff"), (HttpMethod.Post, "/preview") })
            {
                using var response = await SendAsync(gateway, method, path, body, tag);
                var text = await response.Content.ReadAsStringAsync(Token);
                if (path == "/validate" && body == "nonsense")
                    Assert.Contains("not-json", text, StringComparison.Ordinal);
                else
                    Assert.True(response.StatusCode == status, $"{path}: {(int)response.StatusCode} {text[..Math.Min(300, text.Length)]}");
            }
        }

        Assert.Equal(OneColumn, await gateway.Client.GetStringAsync(SyncBench.Api + "metadata", Token));
        Assert.Contains("legacy_vendor_group", await gateway.Client.GetStringAsync(Feed + "$metadata", Token), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> GetAsync(GatewayProcess gateway, string path)
    {
        using var response = await gateway.Client.GetAsync(path.StartsWith("http", StringComparison.Ordinal) ? path : Feed + path, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Rows of a page and of all that follow.</summary>
    private static async Task<long> CountAsync(GatewayProcess gateway, JsonElement page)
    {
        long rows = page.GetProperty("value").GetArrayLength();
        while (page.TryGetProperty("@odata.nextLink", out var next))
        {
            page = await GetAsync(gateway, next.GetString()!);
            rows += page.GetProperty("value").GetArrayLength();
            Assert.DoesNotContain("legacy_vendor_group", page.GetRawText(), StringComparison.Ordinal);
        }

        return rows;
    }

    private static async Task<string> PutAsync(GatewayProcess gateway, string body, string? tag)
    {
        using var response = await SendAsync(gateway, HttpMethod.Put, "", body, tag);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return response.Headers.ETag!.ToString();
    }

    private static Task<HttpResponseMessage> SendAsync(GatewayProcess gateway, HttpMethod method, string path, string body, string? tag)
    {
        var request = new HttpRequestMessage(method, SyncBench.Api + "metadata" + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (tag is not null)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(tag));
        return gateway.Client.SendAsync(request, Token);
    }
}
