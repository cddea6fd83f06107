using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Translation;

/// <summary>Collects the values of a query: whatever comes from a caller stands in SQL as <c>$n</c> and nothing else.</summary>
internal sealed partial class SqlParameters
{
    private readonly ImmutableArray<object?>.Builder _values = ImmutableArray.CreateBuilder<object?>();

    /// <summary>
    /// A statement with the values that its text names, numbered anew: what <c>null</c> made of an expression, or what orders rows that are in order
    /// already, leaves placeholders behind that DuckDB must not be given.
    /// </summary>
    public RowQuery ToQuery(string sql, ImmutableArray<RowColumn> columns)
    {
        var used = ImmutableArray.CreateBuilder<object?>();
        var numbers = new Dictionary<int, int>();
        var text = Placeholder().Replace(sql, match =>
        {
            var old = int.Parse(match.ValueSpan[6..^4], CultureInfo.InvariantCulture);
            if (!numbers.TryGetValue(old, out var number))
            {
                used.Add(_values[old - 1]);
                numbers.Add(old, number = used.Count);
            }

            return string.Create(CultureInfo.InvariantCulture, $"CAST(${number} AS ");
        });
        return new() { Sql = text, Parameters = used.ToImmutable(), Columns = columns };
    }

    /// <summary>Adds a value and returns its typed placeholder. The type is stated, because DuckDB would guess it from what stands beside.</summary>
    public string Add(object? value, SqlKind kind)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"CAST(${_values.Count} AS {SqlTypes.Name(kind)})");
    }

    // No identifier of the schema contains this: they are OData identifiers.
    [GeneratedRegex(@"CAST\(\$[0-9]+ AS ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Placeholder();
}
