namespace CoupaGateway.Sync.Runs;

/// <summary>Where a run, or one table of it, stands.</summary>
public enum RunState
{
    /// <summary>Waits for a worker, or for its time to be tried again.</summary>
    Queued,

    Running,

    /// <summary>Everything is committed.</summary>
    Succeeded,

    /// <summary>At least one table could not be brought up to date.</summary>
    Failed,

    /// <summary>Somebody ended it; what was committed before stays.</summary>
    Cancelled,
}
