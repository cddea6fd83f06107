namespace CoupaGateway.OData.Translation;

/// <summary>A SQL expression in parentheses or otherwise safe to put beside any operator.</summary>
/// <param name="Nullable">Whether the value can be null.</param>
internal readonly record struct SqlFragment(string Text, SqlKind Kind, bool Nullable)
{
    public static SqlFragment Null { get; } = new("NULL", SqlKind.Null, Nullable: true);

    /// <summary>The column whose tokens these are: they can be equal or not, and nothing else. Null for every other value.</summary>
    public string? TokensOf { get; init; }

    public bool IsNull => Kind == SqlKind.Null;
}
