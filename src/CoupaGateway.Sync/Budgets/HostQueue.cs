using CoupaGateway.Snapshots.Buckets;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Sync.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Sync.Budgets;

/// <summary>The callers of this process that wait for the bucket of one host, first come, first served. One of them at a time asks for all.</summary>
internal sealed class HostQueue(string name, ITokenBuckets buckets, TimeProvider time, ILogger logger)
{
    // What is granted to callers who give up is lost: not too many at once.
    private const int MostAtOnce = 10;

    private static readonly TimeSpan PauseWithoutRedis = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private BucketLimits _limits = new(1, 1);
    private bool _isAsking;
    private double _rate;

    /// <summary>Requests a second that were allowed last; null as long as nothing was asked for.</summary>
    public double? Rate => Volatile.Read(ref _rate) is > 0 and var rate ? rate : null;

    public async ValueTask TakeAsync(BucketLimits limits, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _limits = limits;
            _waiting.Enqueue(turn);
            if (!_isAsking)
            {
                _isAsking = true;
                _ = AskAsync();
            }
        }

        await using (cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn))
            await turn.Task;
    }

    private async Task AskAsync()
    {
        await Task.Yield();
        while (CountWaiting() is > 0 and var wanted)
        {
            try
            {
                var answer = await buckets.TakeAsync(name, _limits, wanted, CancellationToken.None);
                Volatile.Write(ref _rate, answer.PerSecond);
                Give(answer.Granted);
                if (answer.Granted < wanted)
                    await Task.Delay(answer.Wait, time);
            }
            catch (Exception failure) when (CacheFailures.IsTransient(failure))
            {
                Log.BudgetAway(logger, name, failure.GetType().Name);
                await Task.Delay(PauseWithoutRedis, time);
            }
            catch (Exception failure)
            {
                Fail(failure);
            }
        }
    }

    /// <summary>How many to ask for; with 0 the asking has ended.</summary>
    private int CountWaiting()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out var first) && first.Task.IsCompleted)
                _waiting.Dequeue();

            _isAsking = _waiting.Count > 0;
            return Math.Min(_waiting.Count, MostAtOnce);
        }
    }

    private void Give(int granted)
    {
        lock (_gate)
        {
            while (granted > 0 && _waiting.TryDequeue(out var turn))
            {
                if (turn.TrySetResult())
                    granted--;
            }
        }
    }

    private void Fail(Exception failure)
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var turn))
                turn.TrySetException(failure);
        }
    }
}
