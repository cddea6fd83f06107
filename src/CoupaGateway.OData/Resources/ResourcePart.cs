namespace CoupaGateway.OData.Resources;

/// <summary>What of the rows that a path leads to is wanted.</summary>
internal enum ResourcePart
{
    Rows,

    /// <summary><c>/$count</c>.</summary>
    Count,

    /// <summary><c>/$ref</c>: their addresses.</summary>
    References,

    /// <summary>One property, as JSON.</summary>
    Property,

    /// <summary>One property, as plain text.</summary>
    Value,
}
