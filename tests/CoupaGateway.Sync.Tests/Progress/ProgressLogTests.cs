using System.Collections.Concurrent;
using System.Collections.Immutable;
using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Tests.Loading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Sync.Tests.Progress;

public sealed class ProgressLogTests
{
    [Fact]
    public async Task Each_table_that_is_loaded_has_one_line_a_minute_with_its_fields()
    {
        var time = new WatchedTime();
        var orders = TestSchemas.Api("orders");
        using var bench = new LoadingBench(new SchemaRevision([orders]));
        var progress = new SyncProgress(time);
        progress.Start("test", "waiting");
        progress.Start("test", "done").Loaded();
        var tracker = progress.Start("test", "orders");
        tracker.Loading(new RunCheckpoint { RunId = "1", Mode = LoadMode.Full, ChangedAt = time.GetUtcNow(), Until = time.GetUtcNow(), Fingerprints = [], Versions = [], Range = new(1, 1_000) }, [orders]);
        using var lines = new Lines();
        using var log = new ProgressLog(progress, bench, new Budget(), time, lines);
        await log.StartAsync(TestContext.Current.CancellationToken);
        await time.Timer.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(30));
        tracker.Read(250, 10_000, 250, 0);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(lines.All);
        time.Advance(TimeSpan.FromSeconds(1));
        await lines.UntilAsync(1);
        time.Advance(TimeSpan.FromSeconds(60));
        await lines.UntilAsync(2);

        await log.StopAsync(TestContext.Current.CancellationToken);
        Assert.All(lines.All, static line => Assert.Equal(("test", "orders", LoadMode.Full, 250L, 24.5), (line["Connection"], line["Table"], line["Mode"], line["Records"], line["RequestsPerSecond"])));
    }

    private sealed class WatchedTime : FakeTimeProvider
    {
        private readonly TaskCompletionSource _timer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends when somebody waits for a time.</summary>
        public Task Timer => _timer.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _timer.TrySetResult();
            return timer;
        }
    }

    private sealed class Lines : ILogger<ProgressLog>, IDisposable
    {
        private readonly SemaphoreSlim _added = new(0);

        public ConcurrentQueue<ImmutableDictionary<string, object?>> All { get; } = [];

        public async Task UntilAsync(int count)
        {
            while (All.Count < count)
                Assert.True(await _added.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

            Assert.Equal(count, All.Count);
        }

        public void Dispose() => _added.Dispose();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.Equal(3011, eventId.Id);
            All.Enqueue(((IEnumerable<KeyValuePair<string, object?>>)state!).ToImmutableDictionary());
            _added.Release();
        }
    }

    private sealed class Budget : IRequestBudgetProvider, IRequestBudget
    {
        public BudgetUsage Usage { get; } = new(24.5, 25, 10, 3);

        public IRequestBudget GetBudget(CoupaTenant tenant) => this;

        public ValueTask<IDisposable> AcquireAsync(BudgetConsumer consumer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void ReportThrottled(TimeSpan? retryAfter)
        {
        }
    }
}
