using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Tests.Servers;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Tests.Redis;

/// <summary>Which failures pass by themselves, as a real server and the client make them.</summary>
public sealed class CacheFailuresTests
{
    [Fact]
    public async Task A_server_that_is_lost_or_refuses_passes()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port},asyncTimeout=500,connectTimeout=500,abortConnect=false");
        var db = client.GetDatabase();

        Assert.True(CacheFailures.IsTransient(await Assert.ThrowsAsync<RedisServerException>(() => db.ExecuteAsync("NOTHING"))));
        await redis.StopAsync();
        Assert.True(CacheFailures.IsTransient(await Assert.ThrowsAnyAsync<Exception>(() => db.PingAsync())));
    }

    [Fact]
    public async Task What_the_client_says_of_a_server_that_was_replaced_passes_and_the_end_of_others_does_not()
    {
        await using var redis = await RedisProcess.StartAsync();
        var client = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var db = client.GetDatabase();
        await client.DisposeAsync();

        Assert.True(CacheFailures.IsTransient(await Assert.ThrowsAsync<ObjectDisposedException>(() => db.PingAsync())));
        using var folder = new TempFolder();
        var gateway = new Gateway(folder.Path, $"127.0.0.1:{redis.Port}");
        var server = gateway.Server;
        await server.ConnectAsync(default);
        await gateway.DisposeAsync();
        Assert.False(CacheFailures.IsTransient(await Assert.ThrowsAsync<ObjectDisposedException>(async () => await server.ConnectAsync(default))));
    }

    [Fact]
    public void A_fault_does_not_pass()
    {
        Assert.False(CacheFailures.IsTransient(new CacheUnavailableException("The folder is locked.")));
        Assert.False(CacheFailures.IsTransient(new InvalidOperationException()));
        Assert.False(CacheFailures.IsTransient(new OperationCanceledException()));
        Assert.True(CacheFailures.IsTransient(new TimeoutException()));
    }
}
