namespace CoupaGateway.Sync.Loading;

/// <summary>Memory for rows on their way into chunks, for all families that are loaded at once: each that is at work may use an equal part.</summary>
/// <param name="bytes">Of all together.</param>
internal sealed class RowMemory(long bytes)
{
    private int _users;

    public long Part => bytes / Math.Max(1, Volatile.Read(ref _users));

    public void Enter() => Interlocked.Increment(ref _users);

    public void Leave() => Interlocked.Decrement(ref _users);
}
