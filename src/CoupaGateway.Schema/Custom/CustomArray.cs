namespace CoupaGateway.Schema.Custom;

/// <summary>An array, or an object, whose elements become rows of a nested table.</summary>
public sealed record CustomArray
{
    /// <summary>Where it stands in the document.</summary>
    public required string Pointer { get; init; }

    /// <summary>JSON key of the array.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the table; null for one made of the names of the table above and of the array.</summary>
    public string? DisplayName { get; init; }

    public CoupaRelease? AvailableSince { get; init; }

    public string? Description { get; init; }

    public required CustomObject Content { get; init; }
}
