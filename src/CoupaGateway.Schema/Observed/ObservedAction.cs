namespace CoupaGateway.Schema.Observed;

/// <summary>What becomes of a key that the schema lacks.</summary>
public enum ObservedAction
{
    /// <summary>It becomes a column.</summary>
    Add,

    /// <summary>It is only told in the drift report.</summary>
    Ignore,

    /// <summary>The load fails until somebody decides.</summary>
    Fail,
}
