using System.Collections.Immutable;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Coupa.Testing;
using CoupaGateway.Coupa.Tests.Fakes;
using CoupaGateway.Tests.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Coupa.Tests.Testing;

/// <summary>The checklist against instances that answer, but not as they should.</summary>
public sealed class ConnectionTesterTests
{
    /// <summary>Waits for a turn of the budget are jumped over; timeouts, which are longer, come when the clock gets there.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(9);

    /// <summary>What one answer takes: less than any timeout of an attempt.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(8);

    private static readonly DateTimeOffset Now = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026-04-01T12:09:00+00:00", TestState.Warning, TestCodes.ClockSkew, "9 minutes ahead")]
    [InlineData("2026-04-01T14:09:00+02:00", TestState.Warning, TestCodes.ClockSkew, "9 minutes ahead")]
    [InlineData("2026-04-01T12:01:00+00:00", TestState.Ok, TestCodes.Ok, "2026-04-01 12:01:00 UTC")]
    [InlineData("2025-01-01T00:00:00+00:00", TestState.Ok, TestCodes.Ok, "2025-01-01 00:00:00 UTC")]
    [InlineData("yesterday", TestState.Warning, TestCodes.NoWatermark, "no updated-at")]
    public async Task A_newest_change_that_lies_ahead_of_this_machines_clock_is_told(string updatedAt, TestState state, string code, string found)
    {
        await using var gateway = await StartAsync();
        gateway.Coupa.Api = context => FakeCoupa.Json(context, $$"""[{"id":{{NextId(context)}},"updated-at":"{{updatedAt}}"}]""");

        var clock = Assert.Single(await RunAsync(gateway, Table("suppliers")), static line => line.Step == "clock").Finding;

        Assert.Equal((state, code, "suppliers"), (clock.State, clock.Code, clock.Subject));
        Assert.Contains(found, clock.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "1440 minutes ahead of the instance's, which says 2026-04-01 12:")]
    [InlineData(-1, "1440 minutes behind the instance's, which says 2026-04-01 12:")]
    public async Task A_clock_that_is_another_one_than_the_instances_is_told(int days, string found)
    {
        var time = new ImpatientTime(LongestWait);
        await using var gateway = await StartAsync(new JumpingTime(time) { Ahead = TimeSpan.FromDays(days) });
        gateway.Coupa.Clock = time;
        gateway.Coupa.Api = context => FakeCoupa.Json(context, $$"""[{"id":{{NextId(context)}},"updated-at":"2026-03-01T00:00:00+00:00"}]""");

        var clock = Assert.Single(await RunAsync(gateway, Table("suppliers")), static line => line.Step == "clock").Finding;

        Assert.Equal((TestState.Warning, TestCodes.ClockSkew, "suppliers"), (clock.State, clock.Code, clock.Subject));
        Assert.Contains(found, clock.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_without_a_time_of_change_are_told()
    {
        await using var gateway = await StartAsync();
        gateway.Coupa.Api = new RecordStore([1, 2]).Answer;

        var clock = Assert.Single(await RunAsync(gateway, Table("currencies") with { HasWatermark = false }), static line => line.Step == "clock").Finding;

        Assert.Equal((TestState.Warning, TestCodes.NoWatermark), (clock.State, clock.Code));
    }

    [Theory]
    [InlineData("""[{"id":7}]""", "does not go on after the first")]
    [InlineData("""[{"name":"no id"}]""", "has no ids")]
    public async Task Pages_that_do_not_go_on_fail_the_test_and_end_it(string page, string found)
    {
        await using var gateway = await StartAsync();
        gateway.Coupa.Api = context => FakeCoupa.Json(context, page);

        var lines = await RunAsync(gateway, Table("suppliers"));

        var paging = Assert.Single(lines, static line => line.Step == "paging").Finding;
        Assert.Equal((TestState.Failed, CoupaFailureCodes.CodeOf(CoupaFailure.PagingBroken)), (paging.State, paging.Code));
        Assert.Contains(found, paging.Found, StringComparison.Ordinal);
        Assert.Equal((TestState.Skipped, "after"), (lines[^1].Finding.State, lines[^1].Step));
        Assert.Equal(0, gateway.Services.GetRequiredService<StepsAfter>().Ran);
    }

    [Fact]
    public async Task A_table_of_one_record_has_no_second_page_and_passes()
    {
        await using var gateway = await StartAsync();
        gateway.Coupa.Api = new RecordStore([7]).Answer;

        var lines = await RunAsync(gateway, Table("suppliers"));

        Assert.Equal(TestState.Ok, Assert.Single(lines, static line => line.Step == "paging").Finding.State);
        Assert.Equal(1, gateway.Services.GetRequiredService<StepsAfter>().Ran);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 20)]
    [InlineData(5, 20)]
    [InlineData(25, 20)]
    public async Task A_test_of_many_tables_ends_within_a_minute_and_a_tenth_of_the_budget_and_says_so(int requestsPerSecond, int burst)
    {
        var time = new ImpatientTime(LongestWait);
        await using var gateway = await StartAsync(time, options => (options.RequestsPerSecond, options.Burst) = (requestsPerSecond, burst));
        gateway.Coupa.Api = new RecordStore([1, 2]).Answer;

        var lines = await RunAsync(gateway, [.. Enumerable.Range(0, 400).Select(static number => Table($"table_{number}"))]);

        var ended = Assert.Single(lines, static line => line.Finding.Code == TestCodes.TimeOver);
        Assert.Equal("record", ended.Step);
        Assert.All(lines.SkipWhile(line => line != ended).Skip(1), static line => Assert.Equal(TestState.Skipped, line.Finding.State));
        Assert.InRange(time.GetUtcNow() - Now, TimeSpan.FromSeconds(50), TimeSpan.FromMinutes(1));
        Assert.InRange(gateway.Coupa.ApiRequests + gateway.Coupa.TokenRequests, 3, (burst + (60 * requestsPerSecond)) / 10);
    }

    [Fact]
    public async Task A_slow_tenant_ends_the_test_within_a_minute()
    {
        var time = new ImpatientTime(LongestWait);
        await using var gateway = await StartAsync(time);
        gateway.Coupa.Api = async context =>
        {
            var left = Now + ConnectionTester.Longest - time.GetUtcNow();
            if (left > Slow)
            {
                time.Advance(Slow);
                await new RecordStore([1, 2]).Answer(context);
            }
            else
            {
                time.Advance(left);
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
        };

        await EndsAsync(gateway, time, TestCodes.TimeOver, atLeast: 50, atMost: 60);
    }

    [Fact]
    public async Task A_tenant_that_does_not_answer_ends_the_test_sooner()
    {
        var time = new ImpatientTime(LongestWait);
        await using var gateway = await StartAsync(time);
        var requests = 0;
        gateway.Coupa.Api = async context =>
        {
            // The first attempt ends by its own timeout, the second one by that of all of them. The clock moves when a request has come, not beside it:
            // how long a request takes to get there is not part of the test.
            time.Advance(TimeSpan.FromSeconds(Interlocked.Increment(ref requests) == 1 ? 10 : 5));
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        await EndsAsync(gateway, time, CoupaFailureCodes.CodeOf(CoupaFailure.Timeout), atLeast: 10, atMost: 20);
    }

    private static async Task EndsAsync(Gateway gateway, TimeProvider time, string code, int atLeast, int atMost)
    {
        var lines = await RunAsync(gateway, [.. Enumerable.Range(0, 20).Select(static number => Table($"table_{number}"))]);

        var failed = Assert.Single(lines, static line => line.Finding.State == TestState.Failed);
        Assert.Equal(("record", code), (failed.Step, failed.Finding.Code));
        Assert.All(lines.SkipWhile(line => line != failed).Skip(1), static line => Assert.Equal(TestState.Skipped, line.Finding.State));
        Assert.InRange(time.GetUtcNow() - Now, TimeSpan.FromSeconds(atLeast), TimeSpan.FromSeconds(atMost));
    }

    private static Task<Gateway> StartAsync(TimeProvider? time = null, Action<CoupaTenantOptions>? configure = null) => Gateway.StartAsync(
        configure,
        time ?? new ImpatientTime(LongestWait),
        static services => services.AddSingleton<StepsAfter>().AddSingleton<IConnectionTestStep>(static provider => provider.GetRequiredService<StepsAfter>()));

    private static TestTable Table(string name) => new(name, name, "core.supplier.read", IdIsUnique: true, HasWatermark: true);

    private static string NextId(HttpContext context) => context.Request.Query.ContainsKey("id[gt]") ? "8" : "7";

    private static async Task<List<TestStepResult>> RunAsync(Gateway gateway, params ImmutableArray<TestTable> tables)
    {
        var context = new ConnectionTestContext { Tenant = gateway.Tenant, Tables = tables };
        var lines = new List<TestStepResult>();
        await foreach (var line in gateway.Services.GetRequiredService<IConnectionTester>().RunAsync(context, Token))
            lines.Add(line);
        return lines;
    }
}
