using System.Collections.Immutable;

namespace CoupaGateway.OData.Rows;

/// <summary>A SELECT that is ready to run: text without user input, and its parameters.</summary>
internal sealed record RowQuery
{
    /// <summary>DuckDB SQL with <c>$1 … $n</c> for the parameters. Identifiers come from the schema, file names from the chunk cache.</summary>
    public required string Sql { get; init; }

    /// <summary>
    /// Values for <c>$1 … $n</c>: <see cref="string"/>, <see cref="long"/>, <see cref="double"/>, <see cref="decimal"/>, <see cref="bool"/>,
    /// <see cref="System.DateTime"/> (UTC, bound as TIMESTAMP), <see cref="DateOnly"/>, <see cref="TimeOnly"/> (bound as text), <see cref="TimeSpan"/> and <see cref="IntervalValue"/> (bound as INTERVAL) or null.
    /// </summary>
    public ImmutableArray<object?> Parameters { get; init; } = [];

    /// <summary>Whether it reads rows of a chunk or two in their order, and sorts and groups nothing: it then runs on one thread, which is the fastest for so little.</summary>
    public bool IsShort { get; init; }

    /// <summary>Whether the text holds what no other query will ask for, so that its statement is not worth keeping.</summary>
    public bool IsOneOff { get; init; }

    /// <summary>Whether it goes on with an answer that is half written: then it waits for its turn as long as it takes, for nobody can be told to come back.</summary>
    public bool IsContinuation { get; init; }

    /// <summary>One entry for each column of the SELECT list.</summary>
    public required ImmutableArray<RowColumn> Columns { get; init; }
}
