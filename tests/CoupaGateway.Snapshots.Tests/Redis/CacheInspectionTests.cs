using System.Globalization;
using System.Text.RegularExpressions;
using CoupaGateway.Snapshots.Redis.Inspection;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Snapshots.Tests.Servers.Topologies;
using CoupaGateway.Tests.Shared;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Tests.Redis;

/// <summary>What is said about a cache server that cannot be used, on real servers.</summary>
public sealed partial class CacheInspectionTests : IDisposable
{
    private const string Password = "secret-of-the-test";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_that_suits_has_no_findings_and_neither_has_the_embedded_one()
    {
        await using var redis = await RedisProcess.StartAsync();

        Assert.Empty(await InspectAsync(("Redis", Address(redis))));
        Assert.Empty(await InspectAsync());
    }

    [Fact]
    public async Task Nobody_listens()
    {
        var finding = await FindOneAsync(("Redis", $"127.0.0.1:{RedisProcess.FreePort()},connectTimeout=500"));

        Assert.Equal(CacheCodes.Unreachable, finding.Code);
        Assert.Contains("cannot be reached", finding.Found, StringComparison.Ordinal);
        Assert.Contains("Cache:Redis", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_sentinel_knows_the_primary()
    {
        var nobody = await FindOneAsync(("Redis", $"127.0.0.1:{RedisProcess.FreePort()},connectTimeout=500"), ("SentinelPrimary", "coupa"));
        Assert.Equal(CacheCodes.Unreachable, nobody.Code);
        Assert.Contains("'coupa'", nobody.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Password", "wrong")]
    [InlineData("Password", "")]
    [InlineData("User", "nobody")]
    public async Task The_password_or_the_user_is_wrong(string setting, string value)
    {
        await using var redis = await RedisProcess.StartAsync(null, "--requirepass", Password);
        var settings = new Dictionary<string, string> { ["Redis"] = $"{Address(redis)},connectTimeout=1000", ["Password"] = Password, [setting] = value };

        var finding = await FindOneAsync([.. settings.Select(static pair => (pair.Key, pair.Value))]);

        Assert.Equal(CacheCodes.AuthenticationFailed, finding.Code);
        Assert.Contains("Cache:Password", finding.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_encrypted_connection_fails()
    {
        var certificates = new Certificates(_folder.Path);
        var port = RedisProcess.FreePort();
        await using var redis = await RedisProcess.StartAsync(null, [.. certificates.ServerArguments(port)]);
        (string, string) address = ("Redis", $"127.0.0.1:{port},connectTimeout=1000");
        Assert.Empty(await InspectAsync([address, .. certificates.ClientSettings]));

        // Without TLS, and to a port without TLS: nobody answers who could say what is wrong.
        foreach (var mute in new[] { await FindOneAsync(address), await FindOneAsync([("Redis", $"{Address(redis)},connectTimeout=1000"), .. certificates.ClientSettings]) })
        {
            Assert.Contains(mute.Code, new[] { CacheCodes.Unreachable, CacheCodes.TlsFailed });
            Assert.Contains("TLS", mute.Advice, StringComparison.Ordinal);
        }

        // Without an authority, with the wrong name, without a client's certificate.
        foreach (var (name, value) in new[] { ("Tls:Authority", ""), ("Tls:Host", "redis.example.com") })
        {
            var finding = await FindOneAsync([address, .. certificates.ClientSettings.Where(setting => setting.Name != name), (name, value)]);
            Assert.Equal(CacheCodes.TlsFailed, finding.Code);
            Assert.Contains("certificate", finding.Found, StringComparison.Ordinal);
        }

        var stranger = await FindOneAsync([address, .. certificates.ClientSettings.Where(static setting => setting.Name is not ("Tls:Certificate" or "Tls:Key"))]);
        Assert.Contains(stranger.Code, new[] { CacheCodes.TlsFailed, CacheCodes.Unreachable });
    }

    [Fact]
    public async Task Each_command_that_the_user_may_not_use_is_named()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var acl = admin.GetServers()[0];
        foreach (var command in NeededCommands.All.Select(static command => command.Name).Concat(["MULTI", "EXEC", "SUBSCRIBE"]))
        {
            await acl.ExecuteAsync("ACL", [.. DocumentedUser.Arguments(Password), $"-{command}"]);

            var findings = await InspectAsync(("Redis", Address(redis)), ("User", DocumentedUser.Name), ("Password", Password));

            Assert.True(findings.Count(IsOfCommand) == 1, $"{command}: {string.Join(' ', findings)}");
            var finding = findings.Single(IsOfCommand);
            Assert.Equal(CacheCodes.CommandDenied, finding.Code);
            Assert.True(finding.IsError);

            bool IsOfCommand(CacheFinding finding) => finding.Found.Split(' ', ',', '.').Contains(command, StringComparer.Ordinal);
        }
    }

    [Theory]
    [InlineData("resetkeys", "~other:*", "SET")]
    [InlineData("resetchannels", "&other:*", "PUBLISH")]
    public async Task Keys_and_channels_that_the_user_may_not_use_are_told(string without, string with, string command)
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await admin.GetServers()[0].ExecuteAsync("ACL", [.. DocumentedUser.Arguments(Password), without, with]);

        var findings = await InspectAsync(("Redis", Address(redis)), ("User", DocumentedUser.Name), ("Password", Password));

        Assert.Contains(findings, finding => finding.Code == CacheCodes.CommandDenied && finding.Found.Contains($"{command} on keys or channels that begin with cg:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_commands_that_are_tried_are_those_that_are_used()
    {
        string[] ofTheClient = ["client", "cluster", "config", "echo", "hello", "info", "ping", "select", "subscribe", "unsubscribe", "command", "auth", "sentinel", "role", "acl", "quit"];
        await using var redis = await RedisProcess.StartAsync();
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await using (var worker = new Gateway(_folder.Path, Address(redis)))
        {
            await worker.StartAsync();
            await CacheUse.EverythingAsync(worker, _folder.Path);
            await worker.StopAsync();
        }

        var used = (await admin.GetServers()[0].InfoAsync("commandstats")).SelectMany(static group => group).Select(static pair => CommandName().Match(pair.Key).Value).Distinct();
        var tried = NeededCommands.All.Select(static command => command.Name).Concat(NeededCommands.Transaction).Select(static name => name.ToLowerInvariant());

        Assert.Empty(used.Except(ofTheClient).Except(tried));
    }

    [Theory]
    [InlineData("allkeys-lru")]
    [InlineData("volatile-ttl")]
    public async Task The_server_throws_keys_away(string policy)
    {
        await using var redis = await RedisProcess.StartAsync(null, "--maxmemory", "256mb", "--maxmemory-policy", policy);

        var finding = await FindOneAsync(("Redis", Address(redis)));

        Assert.Equal((CacheCodes.Evicts, true), (finding.Code, finding.IsError));
        Assert.Contains(policy, finding.Found, StringComparison.Ordinal);
        Assert.Contains("noeviction", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_has_too_little_memory()
    {
        await using var small = await RedisProcess.StartAsync(null, "--maxmemory", "16mb");
        var little = await FindOneAsync(("Redis", Address(small)));
        Assert.Equal((CacheCodes.LowOnMemory, true), (little.Code, little.IsError));
        Assert.Contains("16 MB", little.Found, StringComparison.Ordinal);

        await using var redis = await RedisProcess.StartAsync(null, "--maxmemory", "64mb");
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await FillAsync(admin, to: 0.93);
        var nearly = await FindOneAsync(("Redis", Address(redis)));
        Assert.Equal((CacheCodes.LowOnMemory, false), (nearly.Code, nearly.IsError));

        await FillAsync(admin, to: 1.01);
        Assert.Contains(await InspectAsync(("Redis", Address(redis))), static finding => finding.IsError && finding.Found.Contains("used up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_server_is_a_replica()
    {
        await using var primary = await RedisProcess.StartAsync();
        await using var replica = await RedisProcess.StartAsync(null, "--replicaof", $"127.0.0.1 {primary.Port}");

        Assert.Equal(CacheCodes.ReadOnly, (await FindOneAsync(("Redis", Address(replica)))).Code);
    }

    [Fact]
    public async Task The_server_is_too_old()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);

        var finding = Assert.Single(await new CacheInspector { OldestServer = new Version(99, 0) }.InspectAsync(multiplexer, default));

        Assert.Equal((CacheCodes.TooOld, true), (finding.Code, finding.IsError));
        Assert.Contains("Redis 99.0", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_logged_when_the_server_is_there_at_last()
    {
        var log = new LogText();
        await using var redis = await RedisProcess.StartAsync(null, "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru");
        await redis.StopAsync();
        await using var gateway = new Gateway(_folder.Path, $"{Address(redis)},connectTimeout=300", log);
        await gateway.StartAsync();
        await Eventually.TrueAsync(() => log.Text.Contains(CacheCodes.Unreachable, StringComparison.Ordinal));

        await redis.StartAgainAsync();
        await Eventually.TrueAsync(() => log.Text.Contains(CacheCodes.Evicts, StringComparison.Ordinal));
        await gateway.StopAsync();
    }

    [Fact]
    public async Task The_gateway_waits_for_sentinels_that_are_not_there_yet()
    {
        await using var topology = await SentinelTopology.StartAsync();
        await topology.StopSentinelsAsync();
        await using var gateway = new Gateway(_folder.Path, redis: null, topology.Settings);
        await gateway.StartAsync();
        Assert.Equal(CacheCodes.Unreachable, Assert.Single(await gateway.Server.InspectAsync(default)).Code);

        await topology.StartSentinelsAsync();
        await Eventually.TrueAsync(async () => (await gateway.Server.InspectAsync(default)).Count == 0);
        Assert.Null(gateway.Failure);
        await gateway.StopAsync();
    }

    [Fact]
    public void Every_code_is_explained()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "troubleshooting.md"));

        Assert.All(CacheCodes.All, code => Assert.Contains($"`{code}`", page, StringComparison.Ordinal));
    }

    private static string Address(RedisProcess redis) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redis.Port}");

    private async Task<IReadOnlyList<CacheFinding>> InspectAsync(params (string Name, string Value)[] settings)
    {
        await using var gateway = new Gateway(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N")), redis: null, settings);
        return await gateway.Server.InspectAsync(default);
    }

    private async Task<CacheFinding> FindOneAsync(params (string Name, string Value)[] settings) => Assert.Single(await InspectAsync(settings));

    private static async Task FillAsync(IConnectionMultiplexer admin, double to)
    {
        var db = admin.GetDatabase();
        var content = new byte[to >= 1 ? 1 << 10 : 1 << 18];
        while (true)
        {
            var memory = (await admin.GetServers()[0].InfoAsync("memory")).SelectMany(static group => group).ToDictionary();
            if (long.Parse(memory["used_memory"]) >= long.Parse(memory["maxmemory"]) * to)
                return;
            try
            {
                await db.StringSetAsync(Guid.NewGuid().ToString("N"), content);
            }
            catch (RedisServerException) when (to >= 1)
            {
                return; // it takes no more
            }
        }
    }

    [GeneratedRegex("(?<=^cmdstat_)[a-z]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommandName();
}
