using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CoupaGateway.Access;
using CoupaGateway.Access.Keys;
using CoupaGateway.Connections;
using CoupaGateway.Hosting;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Sandbox;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Documents;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Tests.Hosting;

/// <summary>The whole gateway in this process, on real Kestrel and a real redis-server.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RedisProcess? _ownRedis;
    private readonly string _folder = Directory.CreateTempSubdirectory("cg-host-").FullName;

    private GatewayHost(RedisProcess? redis, string connectionString, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection>? services, string[] arguments)
    {
        _ownRedis = redis;
        KeyFile = Path.Combine(_folder, "ring.key");
        File.WriteAllText(KeyFile, Convert.ToBase64String(new byte[32].Select(static (_, i) => (byte)i).ToArray()));
        _app = GatewayApplication.Create(arguments, builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Cache:Redis"] = connectionString,
                ["Cache:Folder"] = _folder,
                ["Cache:PollInterval"] = "00:00:00.1",
                ["Protection:KeyFile"] = KeyFile,
                ["Outbound:AllowLoopback"] = "true",
                ["Access:FailuresBeforeSlowing"] = "1000",
            }).AddInMemoryCollection(settings);
            builder.WebHost.UseUrls(settings.GetValueOrDefault("urls") ?? "http://127.0.0.1:0");
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Logs)
                .AddFilter<LogCatcher>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Trace); // what the gateway itself leaves out, an operator can switch on
            services?.Invoke(builder.Services);
        });
    }

    public LogCatcher Logs { get; } = new();

    public string KeyFile { get; }

    /// <summary>Where the gateway keeps its files: staged rows, copies of chunks.</summary>
    public string Folder => _folder;

    public HttpClient Anonymous { get; private set; } = null!;

    /// <summary>Whoever holds a key for an administrator.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<GatewayHost> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, RedisProcess? redis = null, Action<IServiceCollection>? services = null, params string[] arguments)
    {
        var own = redis is null ? await RedisProcess.StartAsync() : null;
        GatewayHost? host = null;
        try
        {
            host = new GatewayHost(own, (redis ?? own!).ConnectionString, settings ?? new Dictionary<string, string?>(), services, arguments);
            await host._app.StartAsync(Token);
            await host.Services.GetRequiredService<IDocumentFollower>().WaitUntilLoadedAsync(Token);

            // A test that counts keys would else see the first one come whenever it likes.
            foreach (var first in host.Services.GetServices<IHostedService>().OfType<FirstKey>())
                await first.ExecuteTask!.WaitAsync(Token);
            var handler = new SocketsHttpHandler { AllowAutoRedirect = false, RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8 };
            host.Anonymous = new HttpClient(handler) { BaseAddress = new Uri(host._app.Urls.First() + "/") };
            host.Admin = await host.ClientAsync(new KeyInput { Name = "test admin", Role = GatewayRole.Admin });
            return host;
        }
        catch
        {
            // Settings that cannot be used are refused while the host is made: then nobody else ends its server.
            if (host is not null)
                await host.DisposeAsync();
            else if (own is not null)
                await own.DisposeAsync();
            throw;
        }
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async Task<(ApiKey Key, string Text)> KeyAsync(KeyInput input) => await Get<KeyStore>().CreateAsync(input, "tests", Token);

    /// <summary>A client that sends a new key.</summary>
    public async Task<HttpClient> ClientAsync(KeyInput input) => Client((await KeyAsync(input)).Text);

    public HttpClient Client(string key)
    {
        var client = new HttpClient { BaseAddress = Anonymous.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Sends a request and reads its answer.</summary>
    public static async Task<(int Status, string Body, HttpResponseMessage Response)> SendAsync(
        HttpClient client, string method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var response = await client.SendAsync(request, Token);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token), response);
    }

    /// <summary>Adds a connection to a sandbox, with API tables.</summary>
    public async Task AddSandboxAsync(string name, SandboxServer sandbox, string[] tables, string? secret = null)
    {
        var (status, body, _) = await SendAsync(Admin, "POST", "api/v1/connections", Sandbox(name, sandbox, tables, secret));
        Assert.True(status == 201, body);
    }

    public static ConnectionInput Sandbox(string name, SandboxServer sandbox, string[] tables, string? secret = null) => new()
    {
        Name = name,
        Instance = sandbox.BaseAddress.GetLeftPart(UriPartial.Authority),
        ClientId = new SandboxOptions().ClientId,
        ClientSecret = secret ?? new SandboxOptions().ClientSecret,
        Tables = tables,
        RequestsPerSecond = 1000,
        Pseudonymization = new PseudonymOptions { BuiltInRules = false },
    };

    /// <summary>Waits until every table of a connection can be read.</summary>
    public Task UntilLoadedAsync(string connection) => Eventually.TrueAsync(() => Task.FromResult(
        Get<ISchemaProvider>().Find(connection) is { } schema
        && schema.Tables.All(table => Get<ISnapshotCatalog>().FindCurrent(new TableId(connection, table.Name)) is not null)));

    public async ValueTask DisposeAsync()
    {
        Anonymous?.Dispose();
        Admin?.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        if (_ownRedis is not null)
            await _ownRedis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
