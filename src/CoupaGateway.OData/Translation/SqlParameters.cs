using System.Collections.Immutable;
using System.Globalization;

namespace CoupaGateway.OData.Translation;

/// <summary>Collects the values of a query: whatever comes from a caller stands in SQL as <c>$n</c> and nothing else.</summary>
internal sealed class SqlParameters
{
    private readonly ImmutableArray<object?>.Builder _values = ImmutableArray.CreateBuilder<object?>();

    public ImmutableArray<object?> Values => _values.ToImmutable();

    /// <summary>Adds a value and returns its typed placeholder. The type is stated, because DuckDB would guess it from what stands beside.</summary>
    public string Add(object? value, SqlKind kind)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"CAST(${_values.Count} AS {SqlTypes.Name(kind)})");
    }
}
