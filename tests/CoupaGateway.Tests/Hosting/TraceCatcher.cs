using System.Collections.Concurrent;
using System.Diagnostics;

namespace CoupaGateway.Tests.Hosting;

/// <summary>Keeps the names and tags of every activity in the process.</summary>
internal sealed class TraceCatcher : IDisposable
{
    private readonly ActivityListener _listener;

    public TraceCatcher()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Texts.Enqueue(
                $"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Baggage)} {activity.StatusDescription} "
                + string.Join(' ', activity.Events.Select(static happening => $"{happening.Name} {string.Join(' ', happening.Tags)}"))),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<string> Texts { get; } = [];

    public void Dispose() => _listener.Dispose();
}
