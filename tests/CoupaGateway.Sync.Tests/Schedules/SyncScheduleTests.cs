using CoupaGateway.Sync.Schedules;

namespace CoupaGateway.Sync.Tests.Schedules;

public sealed class SyncScheduleTests
{
    [Fact]
    public void By_default_deltas_are_due_every_quarter_reconciles_daily_and_wide_deltas_on_sundays()
    {
        var rules = SyncSchedule.Default.RulesOf("invoices").ToDictionary(static rule => rule.Name);

        Assert.Equal(["delta", "look-back", "reconcile"], rules.Keys.Order());
        Assert.Equal(Utc(1, 8, 15), SyncSchedule.Default.FindDue("invoices", rules["delta"], Utc(1, 8, 0), Utc(1, 8, 16)));
        Assert.Equal(Utc(3, 2, 0), SyncSchedule.Default.FindDue("invoices", rules["look-back"], Utc(1, 0, 0), Utc(4, 0, 0)));
        Assert.Equal(Utc(2, 4, 0), SyncSchedule.Default.FindDue("invoices", rules["reconcile"], Utc(1, 4, 0), Utc(2, 5, 0)));
    }

    [Fact]
    public void What_was_missed_is_due_once_and_what_is_done_is_not_due_again()
    {
        var schedule = Create(new() { Delta = "0 * * * *", JitterSeconds = 0 });
        var rule = schedule.RulesOf("users").Single(static rule => rule.Name == "delta");

        var due = schedule.FindDue("users", rule, Utc(1, 0, 0), Utc(3, 12, 30));

        Assert.Equal(Utc(3, 12, 0), due);
        Assert.Null(schedule.FindDue("users", rule, due!.Value, Utc(3, 12, 59)));
        Assert.Equal(Utc(3, 13, 0), schedule.FindDue("users", rule, due.Value, Utc(3, 13, 0)));
        Assert.NotNull(schedule.FindDue("users", rule, DateTimeOffset.MinValue, Utc(3, 12, 30)));
    }

    [Fact]
    public void Jitter_delays_tables_differently_within_its_bounds_and_everybody_the_same()
    {
        var schedule = Create(new() { Delta = "0 * * * *", JitterSeconds = 60 });
        var rule = schedule.RulesOf("users").Single(static rule => rule.Name == "delta");
        var begins = Enumerable.Range(0, 50).Select(i => schedule.BeginOf($"table {i}", rule, Utc(1, 8, 0)) - Utc(1, 8, 0)).ToArray();

        Assert.All(begins, static begin => Assert.InRange(begin, TimeSpan.Zero, TimeSpan.FromSeconds(60)));
        Assert.True(begins.Distinct().Count() > 40 && begins.Max() - begins.Min() > TimeSpan.FromSeconds(30));
        Assert.Equal(Utc(1, 8, 0) + begins[7], Create(new() { Delta = "0 * * * *", JitterSeconds = 60 }).BeginOf("table 7", rule, Utc(1, 8, 0)));
    }

    [Theory]
    [InlineData("08:00-10:30", 8, 30, 10, 30)]
    [InlineData("08:00-10:30", 7, 0, 7, 0)]
    [InlineData("22:00-06:00", 23, 0, 30, 0)]
    [InlineData("22:00-06:00", 5, 0, 6, 0)]
    public void A_blackout_puts_off_what_would_begin_in_it(string blackout, int hour, int minute, int beginHour, int beginMinute)
    {
        var schedule = Create(new() { JitterSeconds = 0, Blackouts = [blackout] });

        Assert.Equal(Utc(1, 0, 0).AddHours(beginHour).AddMinutes(beginMinute), schedule.BeginOf("users", schedule.RulesOf("users")[0], Utc(1, hour, minute)));
    }

    /// <summary>The scheduler does not look again before that instant: were it too late, something due would be late.</summary>
    [Fact]
    public void Nothing_is_due_before_the_next_begin_and_something_is_then()
    {
        var random = new Random(1);
        var looked = 0;
        for (var i = 0; i < 2_000; i++)
        {
            var schedule = Create(new()
            {
                Delta = Choose("*/15 * * * *", "0 * * * *", "30 2 * * *"),
                JitterSeconds = random.Next(3_601),
                Blackouts = [Choose("08:00-10:30", "22:00-06:00", "12:00-12:01")],
            });
            var rule = schedule.RulesOf("users").Single(static rule => rule.Name == "delta");
            var last = Utc(1, 0, 0).AddMinutes(random.Next(3_000));
            var now = last.AddSeconds(random.Next(7_200));
            if (schedule.FindDue("users", rule, last, now) is not null)
                continue;

            var begin = schedule.FindNextBegin("users", rule, last, now)!.Value;
            Assert.True(begin > now);
            Assert.NotNull(schedule.FindDue("users", rule, last, begin));
            Assert.Null(schedule.FindDue("users", rule, last, begin.AddTicks(-1)));
            looked++;
        }

        Assert.True(looked > 500);

        string Choose(params string[] texts) => texts[random.Next(texts.Length)];
    }

    [Fact]
    public void Blackouts_that_touch_are_one()
    {
        var schedule = Create(new() { JitterSeconds = 0, Blackouts = ["10:00-12:00", "08:00-10:00"] });

        Assert.Equal(Utc(1, 12, 0), schedule.BeginOf("users", schedule.RulesOf("users")[0], Utc(1, 8, 30)));
    }

    [Fact]
    public void Times_are_those_of_the_time_zone_and_a_skipped_hour_does_no_harm()
    {
        var schedule = Create(new() { TimeZone = "Europe/Berlin", Full = "30 2 * * *", Delta = "", LookBack = "", Reconcile = "", JitterSeconds = 0, Blackouts = ["01:00-02:30"] });
        var rule = Assert.Single(schedule.RulesOf("users"));

        Assert.Equal(Utc(1, 0, 30), schedule.FindDue("users", rule, Utc(1, 0, 0), Utc(1, 3, 0)));
        var spring = new DateTimeOffset(2026, 3, 29, 0, 0, 0, TimeSpan.Zero);
        Assert.NotNull(schedule.FindDue("users", rule, spring, spring.AddHours(4)));
        Assert.Equal(spring.AddHours(1), schedule.BeginOf("users", rule, spring.AddMinutes(30)));
    }

    [Fact]
    public void A_table_can_differ_and_an_empty_expression_switches_a_mode_off()
    {
        var schedule = Create(new() { Delta = "0 * * * *", JitterSeconds = 0, Tables = { ["users"] = new() { Delta = "", Reconcile = "", LookBack = "", Full = "0 1 * * *" } } });

        Assert.Equal(LoadMode.Full, Assert.Single(schedule.RulesOf("users")).Mode);
        Assert.Equal(3, schedule.RulesOf("invoices").Length);
        Assert.Equal(Utc(2, 1, 0), schedule.FindNext("users", Utc(1, 2, 0)));
        Assert.Equal(Utc(1, 3, 0), schedule.FindNext("invoices", Utc(1, 2, 0)));
        Assert.Null(SyncSchedule.Never.FindNext("users", Utc(1, 0, 0)));
    }

    [Fact]
    public void Priorities_are_set_for_all_tables_and_for_single_ones()
    {
        Assert.Equal(10, SyncSchedule.Default.PriorityOf("users"));
        var schedule = Create(new() { Priority = 20, Tables = { ["users"] = new() { Priority = 1 }, ["suppliers"] = new() { Delta = "" } } });

        Assert.Equal((1, 20, 20), (schedule.PriorityOf("users"), schedule.PriorityOf("suppliers"), schedule.PriorityOf("invoices")));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_with_its_key()
    {
        var failures = new List<string>();
        SyncSchedule.Create(
            new() { TimeZone = "Mars/Olympus", JitterSeconds = -1, Delta = "often", Blackouts = ["8-9", "08:00-08:00"], Priority = 0, Tables = { ["users"] = new() { Full = "* * *", Priority = 101 } } }, failures);

        Assert.Equal(8, failures.Count);
        foreach (var text in new[] { "TimeZone 'Mars/Olympus'", "JitterSeconds", "Delta 'often'", "'8-9'", "'08:00-08:00'", "Tables:users:Full '* * *'", "Schedule:Priority 0", "Tables:users:Priority 101" })
            Assert.Contains(failures, failure => failure.Contains(text, StringComparison.Ordinal));
    }

    private static SyncSchedule Create(SyncScheduleOptions options)
    {
        var failures = new List<string>();
        var schedule = SyncSchedule.Create(options, failures);
        Assert.Empty(failures);
        return schedule;
    }

    /// <summary>A time in May 2026, whose first day is a Friday.</summary>
    private static DateTimeOffset Utc(int day, int hour, int minute) => new(2026, 5, day, hour, minute, 0, TimeSpan.Zero);
}
