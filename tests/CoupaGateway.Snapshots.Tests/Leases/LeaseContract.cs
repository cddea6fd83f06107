using CoupaGateway.Snapshots.Leases;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Leases;

/// <summary>What leases promise, on whichever server, between two processes' worth of stores.</summary>
public abstract class LeaseContract(ICacheUnderTest server) : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly TempFolder _folder = new();
    private readonly TableId _table = new($"c-{Guid.NewGuid():N}", "invoices");
    private Gateway _gateway = null!;

    private ILeaseStore Leases => _gateway.Leases;

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
    public async Task Of_many_who_want_a_table_one_gets_it()
    {
        var got = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Leases.TryAcquireAsync(_table, $"owner {i}", Long, default)));

        Assert.Single(got, true);
        Assert.True(await Leases.TryAcquireAsync(_table with { Table = "users" }, "owner x", Long, default));
    }

    [Fact]
    public async Task Only_the_owner_renews_and_releases()
    {
        Assert.True(await Leases.TryAcquireAsync(_table, "a", Long, default));

        Assert.False(await Leases.RenewAsync(_table, "b", Long, default));
        await Leases.ReleaseAsync(_table, "b", default);
        Assert.False(await Leases.TryAcquireAsync(_table, "b", Long, default));
        Assert.True(await Leases.RenewAsync(_table, "a", Long, default));
        await Leases.ReleaseAsync(_table, "a", default);
        Assert.False(await Leases.RenewAsync(_table, "a", Long, default));
        Assert.True(await Leases.TryAcquireAsync(_table, "b", Long, default));
    }

    [Fact]
    public async Task A_lease_that_is_not_renewed_runs_out_and_renewing_prolongs_it()
    {
        Assert.True(await Leases.TryAcquireAsync(_table, "a", TimeSpan.FromMilliseconds(300), default));
        Assert.True(await Leases.RenewAsync(_table, "a", Long, default));
        var left = await (await _gateway.DatabaseAsync()).KeyTimeToLiveAsync(RedisKeys.Lease(_table));
        Assert.InRange(left!.Value, TimeSpan.FromMinutes(4), Long);

        Assert.True(await Leases.RenewAsync(_table, "a", TimeSpan.FromMilliseconds(100), default));
        await Eventually.TrueAsync(() => Leases.TryAcquireAsync(_table, "b", Long, default));
        Assert.False(await Leases.RenewAsync(_table, "a", Long, default));
    }
}
