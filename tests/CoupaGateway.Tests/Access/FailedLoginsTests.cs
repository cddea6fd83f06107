using System.Net;
using CoupaGateway.Access;
using CoupaGateway.Access.Limits;
using CoupaGateway.Tests.Shared;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Tests.Access;

public sealed class FailedLoginsTests
{
    private static readonly IPAddress Source = IPAddress.Parse("198.51.100.7");

    [Fact]
    public void A_source_that_fails_waits_longer_and_longer_and_others_do_not()
    {
        var failures = new FailedLogins(Options.Create(new AccessOptions { FailuresBeforeSlowing = 3 }), TimeProvider.System);

        var delays = Enumerable.Range(0, 12).Select(_ => failures.Count(Source).Delay).ToArray();

        Assert.All(delays.Take(3), static delay => Assert.Equal(TimeSpan.Zero, delay));
        Assert.True(delays[3] > TimeSpan.Zero);
        Assert.True(delays[4] > delays[3]);
        Assert.Equal(TimeSpan.FromSeconds(4), delays[^1]);
        Assert.Equal(TimeSpan.Zero, failures.Count(IPAddress.Parse("198.51.100.8")).Delay);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Failures_are_neither_forgiven_nor_multiplied_when_the_clock_is_set(int days)
    {
        var time = new JumpingTime(TimeProvider.System);
        var failures = new FailedLogins(Options.Create(new AccessOptions { FailuresBeforeSlowing = 3 }), time);
        for (var i = 0; i < 3; i++)
            failures.Count(Source);

        time.Ahead = TimeSpan.FromDays(days);

        var (count, delay, _) = failures.Count(Source);
        Assert.InRange(count, 3, 4);
        Assert.InRange(delay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public void Addresses_of_one_subscriber_are_one_source()
    {
        var failures = new FailedLogins(Options.Create(new AccessOptions { FailuresBeforeSlowing = 1 }), TimeProvider.System);

        Assert.Equal(TimeSpan.Zero, failures.Count(IPAddress.Parse("2001:db8:1:2::1")).Delay);
        Assert.NotEqual(TimeSpan.Zero, failures.Count(IPAddress.Parse("2001:db8:1:2:ffff::9")).Delay);
        Assert.Equal(TimeSpan.Zero, failures.Count(IPAddress.Parse("2001:db8:1:3::1")).Delay);
        Assert.Equal(TimeSpan.Zero, failures.Count(IPAddress.Parse("198.51.100.7")).Delay);
        Assert.NotEqual(TimeSpan.Zero, failures.Count(IPAddress.Parse("::ffff:198.51.100.7")).Delay);
    }

    [Fact]
    public async Task Only_so_many_failures_of_a_source_wait_at_the_same_time()
    {
        var failures = new FailedLogins(Options.Create(new AccessOptions { FailuresBeforeSlowing = 0, FailuresAtOnce = 2 }), TimeProvider.System);
        using var end = new CancellationTokenSource();

        var waiting = Enumerable.Range(0, 2).Select(_ => failures.WaitAsync(Source, failures.Count(Source).Delay + TimeSpan.FromMinutes(1), end.Token)).ToArray();

        Assert.True(failures.Count(Source).TooMany);
        Assert.False(failures.Count(IPAddress.Parse("198.51.100.8")).TooMany);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
        Assert.False(failures.Count(Source).TooMany);
    }
}
