using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Tests.Fakes;
using CoupaGateway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Coupa.Tests.Clocks;

/// <summary>The machine's clock is set by a day while tokens are held and requests wait.</summary>
public sealed class ClockJumpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly ImpatientTime _time = new(Patience);
    private readonly JumpingTime _clock;

    public ClockJumpTests() => _clock = new JumpingTime(_time);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_token_stays_in_use_for_its_time_and_not_longer(int days)
    {
        await using var gateway = await StartAsync();
        await gateway.CountAsync();
        _clock.Ahead = TimeSpan.FromDays(days);

        _time.Advance(TimeSpan.FromHours(19));
        await gateway.CountAsync();
        Assert.Equal(1, gateway.Coupa.TokenRequests);
        _time.Advance(TimeSpan.FromHours(1));
        await gateway.CountAsync();
        Assert.Equal(2, gateway.Coupa.TokenRequests);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_token_that_is_refused_after_a_jump_is_no_new_one_and_is_replaced_at_once(int days)
    {
        await using var gateway = await StartAsync();
        await gateway.CountAsync();
        _time.Advance(TimeSpan.FromMinutes(5));
        _clock.Ahead = TimeSpan.FromDays(days);
        gateway.Coupa.Script(static context => FakeCoupa.Status(context, 401), static context => FakeCoupa.Json(context, """[{"id":1}]"""));

        Assert.Equal(1, await gateway.CountAsync());

        Assert.Equal(["Bearer token-1", "Bearer token-1", "Bearer token-2"], gateway.Coupa.Bearers);
        Assert.DoesNotContain(TimeSpan.FromSeconds(5), _time.Waits);
    }

    [Fact]
    public async Task A_new_token_that_is_not_active_yet_is_waited_for_after_a_jump_forward_too()
    {
        await using var gateway = await StartAsync();
        var isFirst = true;
        gateway.Coupa.Api = context =>
        {
            _clock.Ahead = TimeSpan.FromDays(1);
            (var refuse, isFirst) = (isFirst, false);
            return refuse ? FakeCoupa.Status(context, 401) : FakeCoupa.Json(context, """[{"id":1}]""");
        };

        Assert.Equal(1, await gateway.CountAsync());

        Assert.Equal(1, gateway.Coupa.TokenRequests);
    }

    [Fact]
    public async Task A_refusal_holds_for_seconds_and_not_until_the_clock_is_there_again()
    {
        await using var gateway = await StartAsync();
        gateway.Coupa.Token = static context =>
        {
            context.Response.StatusCode = 400;
            return FakeCoupa.Json(context, """{"error":"invalid_client"}""");
        };
        Assert.Equal(CoupaFailure.InvalidClient, (await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync())).Failure);
        gateway.Coupa.Token = null;
        _clock.Ahead = TimeSpan.FromDays(-1);
        _time.Advance(TimeSpan.FromSeconds(6));

        await gateway.CountAsync();

        Assert.Equal(2, gateway.Coupa.TokenRequests);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task An_instant_to_come_again_is_meant_by_the_clock_of_who_says_so(int days)
    {
        await using var gateway = await StartAsync();
        _clock.Ahead = TimeSpan.FromDays(days);
        gateway.Coupa.Script(
            context => FakeCoupa.Status(context, 429, _time.GetUtcNow().AddSeconds(7).ToString("R")), static context => FakeCoupa.Json(context, """[{"id":1}]"""));

        Assert.Equal(1, await gateway.CountAsync());

        Assert.Contains(_time.Waits, static wait => wait > TimeSpan.FromSeconds(5) && wait <= TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task The_clock_of_an_instance_is_known_by_its_answers_and_goes_on_by_itself()
    {
        await using var gateway = await StartAsync();
        var clocks = gateway.Services.GetRequiredService<IInstanceClocks>();
        Assert.Null(clocks.Now(gateway.Tenant.Instance));

        await gateway.CountAsync();
        Assert.Empty(clocks.FindDifferent());
        _clock.Ahead = TimeSpan.FromDays(-1);
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.InRange((clocks.Now(gateway.Tenant.Instance) - _time.GetUtcNow())!.Value, TimeSpan.FromSeconds(-2), TimeSpan.Zero);
        var different = Assert.Single(clocks.FindDifferent());
        Assert.Equal(gateway.Tenant.Instance.Host, different.Key);
        Assert.InRange(different.Value, TimeSpan.FromDays(-1), TimeSpan.FromDays(-1) + TimeSpan.FromSeconds(2));
        Assert.False(clocks.IsOursAhead);

        _clock.Ahead = TimeSpan.FromDays(100);
        Assert.True(clocks.IsOursAhead);
        _clock.Ahead = TimeSpan.FromMinutes(1);
        Assert.False(clocks.IsOursAhead);
    }

    [Fact]
    public async Task An_answer_that_a_cache_has_kept_tells_no_time()
    {
        await using var gateway = await StartAsync();
        gateway.Coupa.Clock = new JumpingTime(_time) { Ahead = TimeSpan.FromHours(-3) };
        gateway.Coupa.Token = static context =>
        {
            context.Response.Headers.Age = "10800";
            return FakeCoupa.Json(context, """{"access_token":"token","expires_in":86399}""");
        };
        gateway.Coupa.Api = static context =>
        {
            context.Response.Headers.Age = "10800";
            return FakeCoupa.Json(context, "[]");
        };

        await gateway.CountAsync();

        Assert.Null(gateway.Services.GetRequiredService<IInstanceClocks>().Now(gateway.Tenant.Instance));
    }

    /// <summary>The instance has the right time.</summary>
    private async Task<Gateway> StartAsync()
    {
        var gateway = await Gateway.StartAsync(time: _clock);
        gateway.Coupa.Clock = _time;
        return gateway;
    }
}
