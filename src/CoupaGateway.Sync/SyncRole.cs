namespace CoupaGateway.Sync;

/// <summary>What a gateway process does.</summary>
public enum SyncRole
{
    /// <summary>Serves feeds and keeps tables up to date.</summary>
    Both,

    /// <summary>Serves feeds only.</summary>
    Reader,

    /// <summary>Is there to keep tables up to date, and is not meant to be asked for feeds.</summary>
    Worker,
}
