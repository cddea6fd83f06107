using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Coupa.Tests.Fakes;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Coupa.Tests.Budgets;

public sealed class TokenBucketBudgetTests
{
    [Fact]
    public void No_window_holds_more_than_burst_and_rate_allow()
    {
        var steps = Gen.Select(Gen.Int[0, 400], Gen.Int[0, 30], Gen.Int[0, 40]).Array[1, 60];
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 30], steps).Sample(
            (rate, burst, plan) =>
            {
                var time = new FakeTimeProvider();
                using var budget = new TokenBucketBudget(rate, burst, 10_000, time);
                var grants = new List<TimeSpan>();
                var waiting = new List<Task>();
                var start = time.GetTimestamp();
                foreach (var (milliseconds, callers, throttle) in plan)
                {
                    for (var i = 0; i < callers; i++)
                        waiting.Add(budget.AcquireAsync($"table {i % 3}", CancellationToken.None).AsTask());
                    if (throttle == 0)
                        budget.ReportThrottled(TimeSpan.FromMilliseconds(milliseconds));
                    for (var passed = 0; passed <= milliseconds; passed += 20)
                    {
                        var given = budget.Usage.InFlight - grants.Count;
                        grants.AddRange(Enumerable.Repeat(time.GetElapsedTime(start), given));
                        time.Advance(TimeSpan.FromMilliseconds(20));
                    }
                }

                // Grants are seen up to 20 ms late: each window is allowed that much more time.
                for (var from = 0; from < grants.Count; from++)
                {
                    for (var to = from; to < grants.Count; to++)
                    {
                        var allowed = burst + (rate * (grants[to] - grants[from] + TimeSpan.FromMilliseconds(20)).TotalSeconds);
                        if (to - from + 1 > allowed + 1e-6)
                            return false;
                    }
                }

                return true;
            },
            iter: 300);
    }

    [Fact]
    public void The_full_rate_is_reached()
    {
        var time = new FakeTimeProvider();
        using var budget = new TokenBucketBudget(25, 20, 10_000, time);
        _ = Enumerable.Range(0, 500).Select(_ => budget.AcquireAsync("invoices", CancellationToken.None).AsTask()).ToArray();

        for (var i = 0; i < 10_000; i++)
            time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.InRange(budget.Usage.InFlight, 269, 270);
        Assert.Equal(25, budget.Usage.RequestsPerSecond, 0.5);
    }

    [Fact]
    public async Task A_small_table_does_not_wait_for_a_large_one()
    {
        var time = new FakeTimeProvider();
        using var budget = new TokenBucketBudget(10, 1, 1000, time);
        var large = Enumerable.Range(0, 500).Select(_ => budget.AcquireAsync("invoices", CancellationToken.None).AsTask()).ToArray();
        var small = budget.AcquireAsync("suppliers", CancellationToken.None).AsTask();

        for (var i = 0; i < 3; i++)
            time.Advance(TimeSpan.FromMilliseconds(101));
        await small.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.InRange(budget.Usage.InFlight, 2, 4);
        Assert.Contains(large, static turn => !turn.IsCompleted);
    }

    [Fact]
    public async Task Tables_that_wait_take_turns()
    {
        Assert.Equal(["a", "b", "c", "a", "b", "a"], await OrderAsync(["a", "a", "a", "b", "c", "b"]));
    }

    [Fact]
    public async Task A_table_with_priority_gets_more_turns_and_starves_nobody()
    {
        var order = await OrderAsync([.. Enumerable.Repeat(new BudgetConsumer("large"), 40), .. Enumerable.Repeat(new BudgetConsumer("urgent", 40), 40)]);

        Assert.InRange(order.Take(25).Count(static name => name == "urgent"), 19, 21);
        Assert.InRange(order.Take(5).Count(static name => name == "large"), 1, 2);
    }

    [Fact]
    public async Task No_more_requests_are_in_flight_than_allowed()
    {
        using var budget = new TokenBucketBudget(1000, 1000, 2, new FakeTimeProvider());
        var first = await budget.AcquireAsync("invoices", CancellationToken.None);
        await budget.AcquireAsync("invoices", CancellationToken.None);
        var third = budget.AcquireAsync("invoices", CancellationToken.None).AsTask();

        Assert.False(third.IsCompleted);
        first.Dispose();
        first.Dispose();
        await third;
        Assert.Equal(2, budget.Usage.InFlight);
    }

    [Fact]
    public async Task A_caller_that_gives_up_costs_nothing()
    {
        using var budget = new TokenBucketBudget(1000, 1000, 1, new FakeTimeProvider());
        using var cancel = new CancellationTokenSource();
        var first = await budget.AcquireAsync("invoices", CancellationToken.None);
        var second = budget.AcquireAsync("invoices", cancel.Token).AsTask();
        var third = budget.AcquireAsync("invoices", CancellationToken.None).AsTask();

        await cancel.CancelAsync();
        first.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await third;
        Assert.Equal(0, budget.Usage.Waiting);
    }

    [Fact]
    public void A_429_cuts_the_rate_once_for_a_burst_of_answers_and_it_recovers()
    {
        var time = new FakeTimeProvider();
        using var budget = new TokenBucketBudget(20, 20, 100, time);

        for (var i = 0; i < 10; i++)
            budget.ReportThrottled(null);
        Assert.Equal(15, budget.Usage.AllowedPerSecond, 1e-6);

        time.Advance(TimeSpan.FromSeconds(2));
        budget.ReportThrottled(null);
        Assert.InRange(budget.Usage.AllowedPerSecond, 11, 12);

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(20, budget.Usage.AllowedPerSecond, 1e-6);
    }

    [Fact]
    public void A_429_with_a_wait_stops_all_tables_for_as_long_and_no_burst_follows()
    {
        var time = new FakeTimeProvider();
        using var budget = new TokenBucketBudget(20, 20, 100, time);
        budget.ReportThrottled(TimeSpan.FromSeconds(30));
        _ = Enumerable.Range(0, 50).Select(i => budget.AcquireAsync($"table {i}", CancellationToken.None).AsTask()).ToArray();

        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Equal(0, budget.Usage.InFlight);

        for (var i = 0; i < 50; i++)
            time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.InRange(budget.Usage.InFlight, 1, 7);
    }

    [Fact]
    public async Task Clients_of_one_host_share_a_budget_and_real_requests_keep_to_it()
    {
        var time = new ImpatientTime(TimeSpan.FromMinutes(4));
        await using var gateway = await Gateway.StartAsync(static options => (options.RequestsPerSecond, options.Burst) = (10, 5), time);
        var before = time.GetUtcNow();

        await Task.WhenAll(Enumerable.Range(0, 35).Select(i => gateway.CountAsync($"table_{i % 4}")));

        Assert.True(time.GetUtcNow() - before >= TimeSpan.FromSeconds(3), $"35 requests took {time.GetUtcNow() - before}");
        Assert.Equal(35, gateway.Coupa.ApiRequests);
    }

    [Fact]
    public void A_tenth_of_the_burst_is_kept_back_and_changed_limits_hold_at_once()
    {
        var options = Gateway.Options(new Uri("https://acme.coupahost.com"));
        (options.RequestsPerSecond, options.Burst, options.MaxConcurrency) = (25, 20, 100);
        using var provider = new RequestBudgetProvider(new FakeTimeProvider());
        var budget = provider.GetBudget(CoupaTenant.Create(options));
        _ = Enumerable.Range(0, 50).Select(_ => budget.AcquireAsync("invoices", CancellationToken.None).AsTask()).ToArray();
        Assert.Equal(18, budget.Usage.InFlight);

        options.RequestsPerSecond = 5;
        Assert.Same(budget, provider.GetBudget(CoupaTenant.Create(options)));
        Assert.Equal(5, budget.Usage.AllowedPerSecond);
    }

    /// <summary>The order in which those that wait all at once get their turns.</summary>
    private static async Task<List<string>> OrderAsync(IEnumerable<BudgetConsumer> waiting)
    {
        var time = new FakeTimeProvider();
        using var budget = new TokenBucketBudget(1000, 1, 1, time);
        var first = await budget.AcquireAsync("first", CancellationToken.None);
        var order = new List<string>();
        var turns = waiting.Select(consumer => (consumer.Name, turn: budget.AcquireAsync(consumer, CancellationToken.None).AsTask())).ToList();

        first.Dispose();
        while (turns.Count > 0)
        {
            time.Advance(TimeSpan.FromMilliseconds(2));
            var given = await Task.WhenAny(turns.Select(static turn => turn.turn)).WaitAsync(TimeSpan.FromSeconds(30));
            var (name, turn) = turns.Single(candidate => candidate.turn == given);
            turns.RemoveAll(candidate => candidate.turn == given);
            order.Add(name);
            (await turn).Dispose();
        }

        return order;
    }
}
