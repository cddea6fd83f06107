namespace CoupaGateway.Schema.Custom;

/// <summary>A field that becomes a column.</summary>
public sealed record CustomColumn
{
    /// <summary>Where it stands in the document.</summary>
    public required string Pointer { get; init; }

    /// <summary>JSON key of the field.</summary>
    public required string Name { get; init; }

    /// <summary>Null when the document names none.</summary>
    public ColumnType? Type { get; init; }

    public bool IsPrimaryKey { get; init; }

    public CoupaRelease? AvailableSince { get; init; }

    public string? Description { get; init; }

    public CustomPseudonym? Pseudonym { get; init; }
}
