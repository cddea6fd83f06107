using CoupaGateway.Snapshots.Redis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Documents;

internal sealed class DocumentFollower(
    ICacheServer redis, ISharedDocumentStore store, IEnumerable<IDocumentSubscriber> subscribers, IOptions<CacheOptions> options, TimeProvider time, ILogger<DocumentFollower> logger)
    : BackgroundService, IDocumentFollower
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<IDocumentSubscriber, string?> _revisions = subscribers.ToDictionary(static subscriber => subscriber, static _ => (string?)null);

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            foreach (var (subscriber, known) in _revisions)
            {
                if (_loaded.Task.IsCompleted && await store.ReadRevisionAsync(subscriber.Kind, cancellationToken) == known)
                    continue;

                var set = await store.ReadAsync(subscriber.Kind, cancellationToken);
                _revisions[subscriber] = set.Revision;
                subscriber.Take(set.Documents);
            }

            _loaded.TrySetResult();
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task WaitUntilLoadedAsync(CancellationToken cancellationToken) => _loaded.Task.WaitAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host goes on starting while the cache server does
        var subscribed = false;
        var failing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!subscribed)
                {
                    var subscriber = (await redis.ConnectAsync(stoppingToken)).GetSubscriber();
                    await subscriber.SubscribeAsync(RedisKeys.DocumentChanges, (_, _) => Wake());
                    subscribed = true; // the client subscribes again by itself after a lost connection
                }

                await RefreshAsync(stoppingToken);
                failing = false;
            }
            catch (Exception error) when (CacheFailures.IsTransient(error))
            {
                if (!failing)
                    SnapshotsLog.DocumentsFailed(logger, error);
                failing = true;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await WaitAsync(stoppingToken);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
        _gate.Dispose();
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var poll = new CancellationTokenSource(options.Value.PollInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(poll.Token, cancellationToken);
        try
        {
            await _wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to ask, or to end.
        }
    }

    private void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }
}
