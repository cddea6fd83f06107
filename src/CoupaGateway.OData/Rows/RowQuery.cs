using System.Collections.Immutable;

namespace CoupaGateway.OData.Rows;

/// <summary>A SELECT that is ready to run: text without user input, and its parameters.</summary>
internal sealed record RowQuery
{
    /// <summary>DuckDB SQL with <c>$1 … $n</c> for the parameters. Identifiers come from the schema, file names from the chunk cache.</summary>
    public required string Sql { get; init; }

    /// <summary>
    /// Values for <c>$1 … $n</c>: <see cref="string"/>, <see cref="long"/>, <see cref="double"/>, <see cref="decimal"/>, <see cref="bool"/>,
    /// <see cref="System.DateTime"/> (UTC, bound as TIMESTAMP), <see cref="DateOnly"/>, <see cref="TimeSpan"/> (bound as INTERVAL) or null.
    /// </summary>
    public ImmutableArray<object?> Parameters { get; init; } = [];

    /// <summary>One entry for each column of the SELECT list.</summary>
    public required ImmutableArray<RowColumn> Columns { get; init; }
}
