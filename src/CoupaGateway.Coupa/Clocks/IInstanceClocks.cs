namespace CoupaGateway.Coupa.Clocks;

/// <summary>
/// The clocks of the instances, as their answers told them. Records are stamped by those clocks, so windows of time are drawn by them when this machine's clock is another one.
/// </summary>
public interface IInstanceClocks
{
    /// <summary>What the clock of an instance shows now, to a second and the time an answer takes, and rather less than more; null before its first answer.</summary>
    /// <param name="instance">Address of the instance.</param>
    DateTimeOffset? Now(Uri instance);

    /// <summary>How far this machine's clock is ahead of the instances' (behind them: less than zero), by host, where that is more than <see cref="InstanceClocks.Tolerance"/>.</summary>
    IReadOnlyDictionary<string, TimeSpan> FindDifferent();

    /// <summary>Whether this machine's clock is ahead of an instance's by more than that: by such a clock nothing is old enough to be dropped.</summary>
    bool IsOursAhead => FindDifferent().Values.Any(static ahead => ahead > TimeSpan.Zero);

    /// <summary>From when on things are kept that are kept for a time: what is older can be dropped.</summary>
    /// <param name="now">What this machine's clock shows.</param>
    /// <param name="kept">For how long.</param>
    DateTimeOffset OldestKept(DateTimeOffset now, TimeSpan kept) => IsOursAhead ? DateTimeOffset.UnixEpoch : now - kept;
}
