namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>Columns that a rule is about: those that fit everything that is given.</summary>
/// <remarks>
/// Names may hold wildcards: <c>*</c> stands for one word (up to the next <c>_</c>, or to the next dot of a path), <c>**</c> for anything.
/// </remarks>
public sealed record PseudonymTarget
{
    public string? Table { get; init; }

    public string? Column { get; init; }

    /// <summary>Class of the object that has the field, with no wildcard: <c>UserSimple</c>.</summary>
    public string? Class { get; init; }

    /// <summary>JSON key of the field in its class.</summary>
    public string? Field { get; init; }

    /// <summary>JSON keys from the record down to the value with dots between, nested tables included: <c>invoice-lines.created-by.login</c>.</summary>
    public string? Path { get; init; }

    /// <summary>Whether anything is given at all.</summary>
    public bool IsEmpty => Table is null && Column is null && Class is null && Field is null && Path is null;

    public override string ToString() => string.Join(", ", Parts());

    private IEnumerable<string> Parts()
    {
        if (Table is not null)
            yield return $"table {Table}";
        if (Column is not null)
            yield return $"column {Column}";
        if (Class is not null)
            yield return $"class {Class}";
        if (Field is not null)
            yield return $"field {Field}";
        if (Path is not null)
            yield return $"path {Path}";
    }
}
