using System.Security.Cryptography;
using CoupaGateway.Access;
using CoupaGateway.Access.Keys;
using CoupaGateway.Sandbox;
using CoupaGateway.Sandbox.Faults;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Tests.Access;
using CoupaGateway.Tests.Hosting;

namespace CoupaGateway.Tests.Secrets;

/// <summary>A gateway with secrets of every kind does everything that it can, and fails at it too. Then they are looked for everywhere.</summary>
public sealed class SecretsTests
{
    private const string ClientSecret = "planted/Client+Secret=7f3a";
    private const string WrongSecret = "planted/Wrong+Secret=91cc";
    private const string Connections = "api/v1/connections";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secrets_are_in_no_log_trace_answer_or_file_and_nowhere_in_the_cache()
    {
        var needles = new Needles();
        needles.Add("the client secret", ClientSecret);
        needles.Add("a wrong client secret", WrongSecret);
        needles.Add("a token of the tenant", "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9."); // what all of them begin with
        var pseudonymKey = RandomNumberGenerator.GetBytes(32);
        needles.Add("the key of the pseudonyms", pseudonymKey);
        var pseudonymFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(pseudonymFile, Convert.ToBase64String(pseudonymKey), Token);

        await using var redis = await RedisProcess.StartAsync();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.02, Rate = 0, ClientSecret = ClientSecret }, cancellationToken: Token);
        await using var provider = await OidcProvider.StartAsync(Token);
        using var traces = new TraceCatcher();
        await using var host = await GatewayHost.StartAsync(
            new Dictionary<string, string?>(provider.Settings)
            {
                ["Connections:fixed:Instance"] = sandbox.BaseAddress.GetLeftPart(UriPartial.Authority),
                ["Connections:fixed:ClientId"] = sandbox.ClientId,
                ["Connections:fixed:ClientSecret"] = ClientSecret,
                ["Connections:fixed:Tables:0"] = "departments",
                ["Connections:fixed:Pseudonymization:Keys:0:Version"] = "1",
                ["Connections:fixed:Pseudonymization:Keys:0:File"] = pseudonymFile,
            },
            redis);
        needles.Add("the key of the key ring", Convert.FromBase64String(await File.ReadAllTextAsync(host.KeyFile, Token)));
        var (key, keyText) = await host.KeyAsync(new KeyInput { Name = "planted", Role = GatewayRole.Admin, AllowInQuery = true });
        needles.Add("a key", keyText);
        needles.Add("the secret part of a key", keyText[21..]);
        var goodToken = provider.Token(provider.Claims("admin"));
        var expired = new Dictionary<string, object>(provider.Claims("admin")) { ["exp"] = OidcProvider.At(-3600) };
        var badTokens = new[] { provider.Token(expired), goodToken[..^8] + "AAAAAAAA", goodToken.Split('.')[0] + "." + goodToken.Split('.')[1] + "." };
        foreach (var token in badTokens.Append(goodToken))
            needles.Add("a token of the provider", token.Split('.')[1]);

        var watch = new FolderWatch(host.Folder, host.KeyFile, needles);
        var answers = new List<string>();
        await UseAsync(host, sandbox, key, keyText, pseudonymFile, answers);
        await AskAllAsync(host, [goodToken, .. badTokens], answers);
        await watch.DisposeAsync();
        File.Delete(pseudonymFile);

        var cache = await CacheDump.ReadAsync(redis.ConnectionString, Token);
        Assert.Empty(answers.SelectMany(answer => needles.In(answer).Select(name => $"{name}: {answer}")));
        Assert.Empty(host.Logs.Lines.SelectMany(line => needles.In(line).Select(name => $"{name}: {line}")));
        Assert.Empty(traces.Texts.SelectMany(text => needles.In(text).Select(name => $"{name}: {text}")));
        Assert.Empty(watch.Found);
        Assert.Empty(cache.SelectMany(entry => Decoded.Forms(entry.Value).SelectMany(form => needles.In(form)).Select(name => $"{name}: {entry.Key}")));

        // What was looked through is what there is, or finding nothing means nothing.
        Assert.Contains(cache, static entry => entry.Value.AsSpan().StartsWith("PAR1"u8));
        Assert.Contains(cache, entry => entry.Value.AsSpan().IndexOf("acme"u8) >= 0);
        Assert.Contains(host.Logs.Lines, static line => line.Contains("api/v1/connections", StringComparison.Ordinal));
        Assert.NotEmpty(traces.Texts);
        Assert.NotEmpty(watch.Seen);
        Assert.True(answers.Count > 30);
    }

    [Fact]
    public void What_is_looked_for_is_found_in_every_form()
    {
        var needles = new Needles();
        needles.Add("it", "planted/Secret");
        byte[] raw = [.. "{\"a\":\"planted/Secret\"}"u8];
        using var packed = new MemoryStream();
        using (var brotli = new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            brotli.Write(raw);

        byte[][] values = [raw, packed.ToArray(), [.. "{\"b\":\""u8, .. System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(packed.ToArray())), .. "\"}"u8], [.. "a planted%2FSecret"u8]];

        Assert.All(values, value => Assert.Contains(Decoded.Forms(value), form => needles.In(form).Any()));
    }

    /// <summary>Connections that load, that cannot, and that are changed; their tests; keys; metadata; feeds.</summary>
    private static async Task UseAsync(GatewayHost host, SandboxServer sandbox, ApiKey key, string keyText, string pseudonymFile, List<string> answers)
    {
        using var client = host.Client(keyText);
        async Task AskAsync(string method, string path, object? body = null, params (string, string)[] headers) => answers.Add(await AnswerAsync(client, method, path, body, headers));

        var pseudonyms = new Pseudonyms.PseudonymOptions { Keys = [new() { Version = 1, File = pseudonymFile }] };
        var acme = GatewayHost.Sandbox("acme", sandbox, ["users", "departments"], ClientSecret) with { Pseudonymization = pseudonyms };
        await AskAsync("POST", Connections, acme);
        await AskAsync("POST", Connections, acme); // 409
        await AskAsync("POST", Connections, acme with { Name = "Wrong name" });
        await AskAsync("POST", Connections, acme with { Name = "wrong", ClientSecret = WrongSecret });
        await AskAsync("POST", Connections, acme with { Name = "away", Instance = "http://127.0.0.1:9" });
        await AskAsync("POST", Connections, $"{{\"clientSecret\":\"{ClientSecret}\",\"clientId\":{{\"a\":\"{ClientSecret}\"}}}}");
        await AskAsync("POST", Connections, $"{{\"clientSecret\":\"{ClientSecret}");
        await AskAsync("POST", Connections, $"{{\"clientSecret\":[\"{ClientSecret}\"]}}");
        await host.UntilLoadedAsync("acme");
        await host.UntilLoadedAsync("fixed");
        await Eventually.TrueAsync(async () => (await AnswerAsync(client, "GET", $"{Connections}/wrong/syncs")).Contains("\"error\":\"", StringComparison.Ordinal));

        sandbox.Control.AddFault(new Fault { Kind = FaultKind.Status, Status = 401, Path = "/api/users", Count = 3 });
        await AskAsync("POST", $"{Connections}/acme/syncs", new { mode = "full" });
        foreach (var path in new[] { "", "/acme", "/fixed", "/wrong", "/acme/tables", "/acme/syncs", "/wrong/syncs", "/acme/dead-letters", "/acme/pseudonyms", "/acme/metadata/effective", "/acme/metadata/drift" })
            await AskAsync("GET", Connections + path);
        foreach (var tested in new[] { "acme", "fixed", "wrong", "away" })
            await AskAsync("POST", $"{Connections}/{tested}/test");
        await AskAsync("POST", $"{Connections}/test", acme with { ClientSecret = WrongSecret });
        await AskAsync("POST", $"{Connections}/test", acme with { Instance = $"https://user:{Uri.EscapeDataString(ClientSecret)}@acme.coupahost.com" });
        await AskAsync("PATCH", $"{Connections}/acme", new { clientSecret = ClientSecret }, ("If-Match", "*"));
        await AskAsync("PATCH", $"{Connections}/acme", new { instance = "https://acme.coupahost.com", clientSecret = (string?)null }, ("If-Match", "*"));
        await AskAsync("PUT", $"{Connections}/acme/metadata", new { resources = Array.Empty<object>() }, ("If-Match", "*"));
        await AskAsync("POST", $"{Connections}/acme/metadata/preview?table=users");
        await AskAsync("POST", $"{Connections}/acme/pseudonyms", new { table = "users", column = "login", values = new[] { "x" } });

        foreach (var path in new[] { "api/v1/keys", $"api/v1/keys/{key.Id}", "api/v1/audit", "odata/acme/", "odata/acme/$metadata", "odata/acme/users?$top=5&$count=true", "odata/acme/nothing", "odata/acme/users?$filter=x" })
        {
            await AskAsync("GET", path);
            answers.Add(await AnswerAsync(host.Anonymous, "GET", $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}key={keyText}"));
        }

        answers.Add(await AnswerAsync(host.Anonymous, "GET", $"odata/acme/users?key={keyText}&$select=id", null, ("Prefer", "odata.maxpagesize=2"))); // with a next link
        await AskAsync("DELETE", $"{Connections}/wrong?confirm=wrong");
        Assert.Contains(host.Get<IConnectionProvider>().Connections, static connection => connection.Name == "acme");
    }

    private static async Task AskAllAsync(GatewayHost host, string[] tokens, List<string> answers)
    {
        foreach (var token in tokens)
        {
            foreach (var path in new[] { Connections, "odata/acme/departments?$top=1" })
                answers.Add(await AnswerAsync(host.Anonymous, "GET", path, null, ("Authorization", $"Bearer {token}")));
            answers.Add(await AnswerAsync(host.Anonymous, "GET", $"{Connections}?key={token}"));
            answers.Add(await AnswerAsync(host.Anonymous, "GET", Connections, null, ("Authorization", KeyTests.Basic("user", token))));
        }
    }

    private static async Task<string> AnswerAsync(HttpClient client, string method, string path, object? body = null, params (string, string)[] headers)
    {
        var (_, text, response) = await GatewayHost.SendAsync(client, method, path, body, headers);
        return $"{(int)response.StatusCode} {response.Headers} {response.Content.Headers} {text}";
    }
}
