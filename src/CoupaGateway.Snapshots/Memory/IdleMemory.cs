namespace CoupaGateway.Snapshots.Memory;

/// <summary>
/// Gives free memory back to the system when the gateway has had nothing to do for a while: no request to a feed, no load. Garbage is collected, which stops all threads for a moment, only where there can be much of it.
/// </summary>
public sealed class IdleMemory : IDisposable
{
    /// <summary>What was left behind by less is not worth stopping all threads for.</summary>
    private const long BytesWorthCollecting = 16L << 20;

    /// <summary>Longer than a client takes to come with its next question.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly IdleWork _idle;

    public IdleMemory(TimeProvider time) => _idle = new(Pause, GiveBack, time);

    /// <summary>The gateway has something to do until the result is disposed.</summary>
    public Work Begin()
    {
        _idle.Begin();
        return new(_idle);
    }

    public void Dispose() => _idle.Dispose();

    private static void GiveBack()
    {
        if (ProcessMemory.AllocatedSinceGivenBack < BytesWorthCollecting)
            ProcessMemory.TrimHeaps();
        else
            ProcessMemory.GiveBack();
    }

    /// <summary>See <see cref="Begin"/>.</summary>
    public readonly struct Work : IDisposable
    {
        private readonly IdleWork _idle;

        internal Work(IdleWork idle) => _idle = idle;

        public void Dispose() => _idle.End();
    }
}
