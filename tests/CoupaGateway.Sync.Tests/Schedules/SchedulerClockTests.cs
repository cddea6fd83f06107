using CoupaGateway.Schema;
using CoupaGateway.Sync.Runs;
using CoupaGateway.Sync.Schedules;
using CoupaGateway.Sync.Tests.Loading;
using CoupaGateway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Sync.Tests.Schedules;

/// <summary>What is due when the clock is set, and what becomes of jobs that wait.</summary>
public sealed class SchedulerClockTests : IDisposable
{
    private static readonly SchemaRevision Schema = new([TestSchemas.Api("orders", TestSchemas.Field("name", ColumnType.String))]);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 8, 0, 30, TimeSpan.Zero));
    private readonly JumpingTime _clock;
    private readonly MemoryStore _store = new();
    private readonly LoadingBench _bench;

    public SchedulerClockTests()
    {
        _clock = new JumpingTime(_time);
        _bench = new LoadingBench(Schema, _store, new MemoryState(), _clock);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    public async Task A_schedule_that_was_kept_by_a_clock_that_was_ahead_begins_anew(int days)
    {
        await AskAsync();
        _clock.Ahead = TimeSpan.FromDays(days);
        Assert.NotEmpty(await AskAsync());
        _clock.Ahead = TimeSpan.Zero;

        Assert.Empty(await AskAsync());
        _time.Advance(TimeSpan.FromMinutes(15));
        var due = Assert.Single(await AskAsync());
        Assert.Equal((LoadMode.Delta, false), (due.Mode, due.LooksBack));
        Assert.Empty(await AskAsync());
    }

    [Fact]
    public async Task A_clock_that_is_put_back_by_a_moment_makes_nothing_due_twice()
    {
        await AskAsync();
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Single(await AskAsync());
        _clock.Ahead = TimeSpan.FromMinutes(-1);

        Assert.Empty(await AskAsync());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(await AskAsync());
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Single(await AskAsync());
    }

    [Fact]
    public void A_job_that_would_wait_longer_than_it_was_ever_to_wait_has_waited_enough()
    {
        var now = _time.GetUtcNow();
        var job = new SyncJob { RunId = "1", Table = "orders", Mode = LoadMode.Delta, Trigger = RunTrigger.Schedule, QueuedAt = now, NotBefore = now.AddMinutes(5), Delay = TimeSpan.FromMinutes(5) };

        Assert.True(job.IsWaiting(now));
        Assert.False(job.IsWaiting(now.AddMinutes(5)));
        Assert.False(job.IsWaiting(now.AddDays(1)));
        Assert.False(job.IsWaiting(now.AddDays(-1)));
        Assert.True(JobQueue.IsInTheWay(job, RunTrigger.Manual, now.AddDays(-1)));
        Assert.False((job with { NotBefore = null, Delay = null }).IsWaiting(now));
    }

    public void Dispose()
    {
        _bench.Dispose();
        _store.Dispose();
    }

    /// <summary>The jobs that one look at the schedule has added. They are taken away.</summary>
    private async Task<IReadOnlyList<SyncJob>> AskAsync()
    {
        var token = TestContext.Current.CancellationToken;
        await _bench.Services.GetRequiredService<Scheduler>().AskForDueAsync(_bench.Config, Schema, token);
        var jobs = _bench.Services.GetRequiredService<JobQueue>();
        var added = await jobs.ListAsync(LoadingBench.Connection, token);
        foreach (var job in added)
            await jobs.TryReplaceAsync(LoadingBench.Connection, job, null, token);
        return added;
    }
}
