using CoupaGateway.OData.Decoded;

namespace CoupaGateway.OData.Tests.Decoded;

public sealed class DecodingThreadsTests
{
    /// <summary>A thread that has done its work waits again long before it is over, also when others have the processor in between.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task One_after_the_other_is_on_the_same_thread_with_what_follows_its_awaits()
    {
        using var threads = new DecodingThreads(4);
        var seen = new List<int>();
        for (var i = 0; i < 20; i++)
        {
            await threads.Run(async () =>
            {
                seen.Add(Environment.CurrentManagedThreadId);
                await Task.Delay(Pause);
                seen.Add(Environment.CurrentManagedThreadId);
            });

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }

        // What comes before the thread waits again is right to take a second one.
        Assert.InRange(seen.Distinct().Count(), 1, 2);
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, seen);
    }

    [Fact]
    public async Task As_many_at_once_as_there_may_be_threads_and_no_more()
    {
        using var threads = new DecodingThreads(3);
        using var all = new Barrier(3);
        var (now, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => threads.Run(() =>
        {
            var running = Interlocked.Increment(ref now);
            most = Math.Max(most, running);
            Assert.True(all.SignalAndWait(TimeSpan.FromSeconds(30)));
            Interlocked.Decrement(ref now);
            return Task.CompletedTask;
        })));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task The_end_waits_for_what_was_queued()
    {
        var done = 0;
        var threads = new DecodingThreads(1);
        var tasks = Enumerable.Range(0, 5).Select(_ => threads.Run(() =>
        {
            Thread.Sleep(10);
            done++;
            return Task.CompletedTask;
        })).ToList();
        threads.Dispose();
        await Task.WhenAll(tasks);
        Assert.Equal(5, done);
    }
}
