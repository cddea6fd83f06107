using System.Net;
using CoupaGateway.Sandbox;
using CoupaGateway.Snapshots.Tests.Servers;
using StackExchange.Redis;

namespace CoupaGateway.EndToEnd.Tests;

/// <summary>What Redis has lost is loaded again by itself.</summary>
public sealed class DamageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_who_meets_a_lost_chunk_gets_503_and_the_table_is_back_by_itself()
    {
        using var folder = new TemporaryFolder();
        await using var redis = await RedisProcess.StartAsync();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.02, Rate = 0 }, cancellationToken: Token);
        await using var gateway = await GatewayProcess.StartAsync(
            ["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()],
            new Dictionary<string, string>
            {
                ["Cache__Redis"] = redis.ConnectionString,

                // So that only the reader can have noticed.
                ["Cache__TidyInterval"] = "01:00:00",
                ["Sync__CheckInterval"] = "1.00:00:00",
            },
            Token);
        var feed = new Feed(gateway.Client);
        await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded", Token);
        const string Rows = "departments?$select=id,name,active,created_by_login";
        var before = (await feed.ReadAllAsync(Rows, Token)).ConvertAll(static row => row.GetRawText());
        Assert.Equal(sandbox.Control.CountRows("departments"), before.Count);

        await LoseAsync(redis, folder, "departments");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await feed.StatusAsync(Rows, Token));
        Assert.Equal(HttpStatusCode.OK, await feed.StatusAsync("suppliers?$top=1", Token));

        await gateway.UntilAsync(async () => await feed.StatusAsync(Rows, Token) == HttpStatusCode.OK, "the table is back", Token);
        Assert.Equal(before, (await feed.ReadAllAsync(Rows, Token)).ConvertAll(static row => row.GetRawText()));
    }

    /// <summary>Deletes the chunks of a table in Redis, and the copies that the gateway has of them.</summary>
    private static async Task LoseAsync(RedisProcess redis, TemporaryFolder folder, string table)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var keys = connection.GetServer("127.0.0.1", redis.Port).Keys(pattern: $"cg:chunk:demo:{table}:*").ToArray();
        Assert.NotEmpty(keys);
        await connection.GetDatabase().KeyDeleteAsync(keys);
        foreach (var hash in keys.Select(static key => key.ToString().Split(':')[^1]))
        {
            foreach (var copy in Directory.EnumerateFiles(folder.Path, $"{hash}.parquet", SearchOption.AllDirectories).ToList())
                File.Delete(copy);
        }
    }
}
