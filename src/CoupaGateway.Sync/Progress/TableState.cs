namespace CoupaGateway.Sync.Progress;

/// <summary>Where the load of an API table stands.</summary>
public enum TableState
{
    Waiting,
    Loading,
    Committing,
    Loaded,
    Failed,
}
