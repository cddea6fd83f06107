using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CoupaGateway.Sandbox;
using CoupaGateway.Snapshots.Tests.Servers;
using StackExchange.Redis;

namespace CoupaGateway.EndToEnd.Tests.Syncs;

/// <summary>A tenant, a redis-server and any number of gateway processes on it, with one connection <c>acme</c> that does nothing by schedule.</summary>
internal sealed class SyncBench : IAsyncDisposable
{
    public const string Api = "api/v1/connections/acme/";

    private static readonly string[] DefaultTables = ["invoices", "purchase_order_revisions", "suppliers"];

    private readonly List<(GatewayProcess Process, TemporaryFolder Folder)> _gateways = [];
    private readonly string[] _tables;

    private SyncBench(SandboxServer sandbox, RedisProcess redis, string[] tables) => (Sandbox, Redis, _tables) = (sandbox, redis, tables);

    public SandboxServer Sandbox { get; }

    public RedisProcess Redis { get; }

    public double RequestsPerSecond { get; init; } = 1_000;

    public int Burst { get; init; } = 1_000;

    public Dictionary<string, string> Settings { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SyncBench> StartAsync(double scale = 0.1, string[]? tables = null, TimeSpan pageDelay = default, double rate = 1_000, int burst = 1_000)
    {
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = scale, Rate = 0, PageDelay = pageDelay }, cancellationToken: Token);
        return new SyncBench(sandbox, await RedisProcess.StartAsync(), tables ?? DefaultTables) { RequestsPerSecond = rate, Burst = burst };
    }

    public Task<GatewayProcess> StartGatewayAsync(params (string Name, string Value)[] settings) =>
        StartAsync(environment => GatewayProcess.StartAsync(["serve"], environment, Token), settings);

    /// <summary>Starts one on a disk that takes no file of more than so many kilobytes.</summary>
    public Task<GatewayProcess> StartGatewayOnFullDiskAsync(int kilobytes, params (string Name, string Value)[] settings) =>
        StartAsync(environment => GatewayProcess.StartOnFullDiskAsync(kilobytes, ["serve"], environment, Token), settings);

    private async Task<GatewayProcess> StartAsync(Func<IReadOnlyDictionary<string, string>, Task<GatewayProcess>> start, (string Name, string Value)[] settings)
    {
        var options = new SandboxOptions();
        var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string>(Settings)
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Access__AnonymousOnLoopback"] = "true",
            ["Outbound__AllowLoopback"] = "true",
            ["Cache__Redis"] = Redis.ConnectionString,
            ["Cache__Folder"] = folder.Path,
            ["Cache__PollInterval"] = "00:00:00.2",
            ["Cache__TidyInterval"] = "00:00:02",
            ["Chunks__Folder"] = Path.Combine(folder.Path, "staging"),
            ["Chunks__RowsPerChunk"] = "200",
            ["Sync__CheckInterval"] = "00:00:02",
            ["Sync__RetryDelay"] = "00:00:02",
            ["Sync__TransientDelay"] = "00:00:01",
            ["Sync__CheckpointInterval"] = "00:00:00.2",
            ["Sync__LeaseLifetime"] = "00:00:04",
            ["Sync__PagesPerSegment"] = "1",
            ["Sync__Readers"] = "4",
            ["Connections__acme__Instance"] = Sandbox.BaseAddress.ToString(),
            // These tests count requests and loads; what custom fields add to both is the matter of DriftTests.
            ["Connections__acme__ObservedColumns__CustomFields"] = "ignore",
            ["Connections__acme__ClientId"] = options.ClientId,
            ["Connections__acme__ClientSecret"] = options.ClientSecret,
            ["Connections__acme__RequestsPerSecond"] = RequestsPerSecond.ToString(CultureInfo.InvariantCulture),
            ["Connections__acme__Burst"] = Burst.ToString(CultureInfo.InvariantCulture),
            ["Connections__acme__MaxConcurrency"] = "32",
            ["Connections__acme__RetryDelay"] = "00:00:00.05",
            ["Connections__acme__NewTokenGrace"] = "00:00:00",
            ["Connections__acme__Pseudonymization__BuiltInRules"] = "false",
            ["Connections__acme__Schedule__Delta"] = "",
            ["Connections__acme__Schedule__LookBack"] = "",
            ["Connections__acme__Schedule__Reconcile"] = "",
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
        };
        for (var i = 0; i < _tables.Length; i++)
            environment[$"Connections__acme__Tables__{i}"] = _tables[i];
        foreach (var (name, value) in settings)
            environment[name] = value;

        var gateway = await start(environment);
        _gateways.Add((gateway, folder));
        return gateway;
    }

    public string FolderOf(GatewayProcess gateway) => _gateways.Single(one => one.Process == gateway).Folder.Path;

    public static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(GatewayProcess gateway, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, Api + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await gateway.Client.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Asks for a run.</summary>
    /// <returns>Its id; null when the tables are in another one.</returns>
    public static async Task<string?> StartRunAsync(GatewayProcess gateway, string mode, bool looksBack = false, params string[] tables)
    {
        var (status, body) = await SendAsync(gateway, HttpMethod.Post, "syncs", new { mode, looksBack, tables });
        Assert.True(status is HttpStatusCode.Accepted or HttpStatusCode.Conflict, $"{status} {body}");
        return status == HttpStatusCode.Accepted ? body.GetProperty("id").GetString() : null;
    }

    /// <summary>Waits until a run has ended.</summary>
    public static async Task<JsonElement> EndOfAsync(GatewayProcess gateway, string id)
    {
        JsonElement run = default;
        await gateway.UntilAsync(
            async () =>
            {
                run = (await SendAsync(gateway, HttpMethod.Get, $"syncs/{id}")).Body;
                return run.TryGetProperty("endedAt", out var ended) && ended.ValueKind != JsonValueKind.Null; // while Redis is away, an error comes instead
            },
            $"run {id} ends",
            Token);
        return run;
    }

    /// <summary>Runs a mode over all tables, after what is going on, and expects it to succeed.</summary>
    public static async Task RunAsync(GatewayProcess gateway, string mode, bool looksBack = false)
    {
        string? id = null;
        await gateway.UntilAsync(async () => (id = await StartRunAsync(gateway, mode, looksBack)) is not null, $"a {mode} can be asked for", Token);
        var run = await EndOfAsync(gateway, id!);
        Assert.True(run.GetProperty("state").GetString() == "succeeded", $"{run}\n{gateway.Output}");
    }

    /// <summary>Waits until every table can be read and no run is going on. While Redis is away neither can be said.</summary>
    public static Task UntilIdleAsync(GatewayProcess gateway) => gateway.UntilAsync(
        async () => await ListAsync(gateway, "tables") is { } tables && tables.All(static table => table.GetProperty("loaded").GetBoolean() && !table.GetProperty("damaged").GetBoolean())
            && await ListAsync(gateway, "syncs") is { } runs && runs.All(static run => run.GetProperty("endedAt").ValueKind != JsonValueKind.Null),
        "every table is loaded and nothing is going on",
        Token);

    /// <summary>Reads all invoice lines over and over: every one is there, or none and 503.</summary>
    public static async Task ReadUntilAsync(GatewayProcess gateway, long rows, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var response = await gateway.Client.GetAsync("odata/acme/invoice_lines?$select=invoices_id,id&$filter=id ne 0", CancellationToken.None);
            Assert.Contains(response.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable });
            if (response.StatusCode == HttpStatusCode.OK)
                Assert.Equal(rows, JsonDocument.Parse(await response.Content.ReadAsStringAsync(CancellationToken.None)).RootElement.GetProperty("value").GetArrayLength());

            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Every table has as many rows as the tenant's data, and those of invoices are the tenant's, with all lines and their allocations.</summary>
    public async Task AssertEqualsTenantAsync(GatewayProcess gateway)
    {
        foreach (var table in (await SendAsync(gateway, HttpMethod.Get, "tables")).Body.EnumerateArray())
        {
            var name = table.GetProperty("name").GetString()!;
            await gateway.UntilAsync(async () => await CountAsync(gateway, name) == Sandbox.Control.CountRows(name), $"{name} has {Sandbox.Control.CountRows(name)} rows", Token);
        }

        using var tenant = await TenantClient.ConnectAsync(Sandbox, Token);
        var invoices = await tenant.ReadAllAsync("/api/invoices", Token);
        Assert.Equal(invoices.Select(static record => $"{record.GetProperty("id")} {record.GetProperty("status")}"), await RowsAsync(gateway, "invoices", "id", "status"));
        var lines = invoices.SelectMany(static record => record.GetProperty("invoice-lines").EnumerateArray().Select(line => (Id: record.GetProperty("id"), Line: line))).ToArray();
        Assert.Equal(
            lines.Select(static one => $"{one.Id} {one.Line.GetProperty("id")} {one.Line.GetProperty("description")}").Order(StringComparer.Ordinal),
            (await RowsAsync(gateway, "invoice_lines", "invoices_id", "id", "description")).Order(StringComparer.Ordinal));
    }

    /// <summary>What has no time to live is what a manifest, a head or a list leads to: nothing is left of what was given up.</summary>
    public async Task AssertNothingLeftOverAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(Redis.ConnectionString);
        var db = redis.GetDatabase();
        var named = new HashSet<string>();
        foreach (var head in await db.HashGetAllAsync("cg:{acme}:heads"))
        {
            var version = head.Value.ToString().Split(':')[0];
            var manifest = $"cg:{{acme}}:{head.Name}:manifest:{version}";
            named.Add(manifest);
            foreach (var chunk in JsonDocument.Parse((await db.StringGetAsync(manifest)).ToString()).RootElement.GetProperty("chunks").EnumerateArray())
                named.Add($"cg:chunk:acme:{head.Name}:{chunk.GetProperty("hash").GetString()}");
        }

        var leftOver = new List<string>();
        foreach (var key in redis.GetServers()[0].Keys(pattern: "cg:*").Select(static key => key.ToString()))
        {
            var isList = key is "cg:connections" or "cg:{acme}:heads" || key.StartsWith("cg:docs:", StringComparison.Ordinal) || key.StartsWith("cg:{_documents}:", StringComparison.Ordinal)
                || key.EndsWith(":kept", StringComparison.Ordinal);
            if (!isList && !named.Contains(key) && await db.KeyTimeToLiveAsync(key) is null && await db.KeyExistsAsync(key))
                leftOver.Add(key);
        }

        Assert.Empty(leftOver);
    }

    public async Task<string> AskRedisAsync(params object[] command)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(Redis.ConnectionString);
        return (await redis.GetDatabase().ExecuteAsync((string)command[0], command[1..])).ToString();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, folder) in _gateways)
        {
            await process.DisposeAsync();
            folder.Dispose();
        }

        await Redis.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    private static async Task<long> CountAsync(GatewayProcess gateway, string table)
    {
        using var response = await gateway.Client.GetAsync($"odata/acme/{table}/$count", Token);
        return response.IsSuccessStatusCode ? long.Parse(await response.Content.ReadAsStringAsync(Token)) : -1;
    }

    /// <summary>Null for 503.</summary>
    private static async Task<JsonElement[]?> ListAsync(GatewayProcess gateway, string what)
    {
        var (status, body) = await SendAsync(gateway, HttpMethod.Get, what);
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{what}: {status} {body}");
        return status == HttpStatusCode.OK ? [.. body.EnumerateArray()] : null;
    }

    /// <summary>All rows; a table that is found damaged on the way is read again when it is back.</summary>
    private static async Task<List<string>> RowsAsync(GatewayProcess gateway, string table, params string[] columns)
    {
        List<string>? rows = null;
        await gateway.UntilAsync(async () => (rows = await FindRowsAsync(gateway, table, columns)) is not null, $"{table} can be read", Token);
        return rows!;
    }

    private static async Task<List<string>?> FindRowsAsync(GatewayProcess gateway, string table, string[] columns)
    {
        var rows = new List<string>();
        for (var next = $"odata/acme/{table}?$select={string.Join(',', columns)}"; next is not null;)
        {
            using var response = await gateway.Client.GetAsync(next, Token);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                return null;

            using var page = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Token));
            rows.AddRange(page.RootElement.GetProperty("value").EnumerateArray().Select(row => string.Join(' ', columns.Select(column => row.GetProperty(column).ToString()))));
            next = page.RootElement.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        return rows;
    }
}
