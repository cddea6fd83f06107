namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>What a filter made of a value.</summary>
internal enum ValueOutcome
{
    /// <summary>A text that is stored.</summary>
    Stored,

    /// <summary>No value.</summary>
    Null,

    /// <summary>The value is none that the column can have; it counts as one that does not fit.</summary>
    Bad,
}
