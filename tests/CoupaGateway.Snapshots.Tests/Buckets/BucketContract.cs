using System.Diagnostics;
using CoupaGateway.Snapshots.Buckets;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Buckets;

/// <summary>What buckets promise, on whichever server, to callers that draw on them at once.</summary>
public abstract class BucketContract(ICacheUnderTest server) : IAsyncLifetime
{
    private static readonly BucketLimits Limits = new(100, 10);

    private readonly TempFolder _folder = new();
    private readonly string _name = $"host-{Guid.NewGuid():N}:443";
    private Gateway _gateway = null!;

    public ValueTask InitializeAsync()
    {
        _gateway = new Gateway(_folder.Path, server.ConnectionString);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Many_who_draw_at_once_get_together_what_the_limits_allow()
    {
        var watch = Stopwatch.StartNew();
        var granted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => DrawAsync(25)));

        Assert.Equal(200, granted.Sum());
        Assert.True(watch.Elapsed.TotalSeconds >= (200 - Limits.Burst - 1) / Limits.PerSecond, $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Slowing_down_concerns_everybody_and_the_bucket_has_a_time_to_live()
    {
        await _gateway.Buckets.SlowDownAsync(_name, Limits, TimeSpan.FromMinutes(5), default);

        var answer = await _gateway.Buckets.TakeAsync(_name, Limits, 1, default);
        Assert.Equal(0, answer.Granted);
        Assert.InRange(answer.Wait, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5.1));
        Assert.Equal(75, answer.PerSecond);
        Assert.NotNull(await (await _gateway.DatabaseAsync()).KeyTimeToLiveAsync(RedisKeys.Bucket(_name)));
    }

    private async Task<int> DrawAsync(int wanted)
    {
        var granted = 0;
        while (granted < wanted)
        {
            var answer = await _gateway.Buckets.TakeAsync(_name, Limits, wanted - granted, default);
            granted += answer.Granted;
            await Task.Delay(answer.Wait);
        }

        return granted;
    }
}
