namespace CoupaGateway.Sync;

/// <summary>How an API table, with everything nested in it, is brought up to date.</summary>
public enum LoadMode
{
    /// <summary>Every record is read; what Coupa no longer has is gone afterwards.</summary>
    Full,

    /// <summary>Records that changed since the last time are read. A full load where the resource cannot tell.</summary>
    Delta,

    /// <summary>All ids are read: records that Coupa no longer has are removed, those that are missing are read.</summary>
    Reconcile,

    /// <summary>Records of the dead-letter list are read again.</summary>
    Retry,
}
