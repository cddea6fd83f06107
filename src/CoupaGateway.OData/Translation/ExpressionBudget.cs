using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Translation;

/// <summary>Counts what the expressions of one request are made of, and refuses more than is allowed.</summary>
/// <param name="maxDepth">Levels of nesting.</param>
/// <param name="maxNodes">Operators, functions, properties and literals.</param>
/// <param name="maxNavigations">Uses of navigation properties, each of which reads a table.</param>
internal sealed class ExpressionBudget(int maxDepth, int maxNodes, int maxNavigations)
{
    private int _depth;
    private int _nodes;
    private int _navigations;
    private int _columns;

    /// <summary>Counts one level and one node; every call is followed by <see cref="Leave"/>.</summary>
    /// <exception cref="FeedException">The expression is deeper or larger than allowed.</exception>
    public void Enter()
    {
        if (++_depth > maxDepth)
            throw FeedException.BadRequest(ErrorCodes.TooComplex, $"The expression is nested deeper than {maxDepth} levels.");
        if (++_nodes > maxNodes)
            throw FeedException.BadRequest(ErrorCodes.TooComplex, $"The expression has more than {maxNodes} operators, functions, properties and literals.");
    }

    public void Leave() => _depth--;

    /// <summary>A SQL alias that no other table of the query has.</summary>
    /// <exception cref="FeedException">The query reads more tables than allowed.</exception>
    public string NewAlias() => ++_navigations <= maxNavigations
        ? $"n{_navigations}"
        : throw FeedException.BadRequest(ErrorCodes.TooComplex, $"The query has more than {maxNavigations} uses of navigation properties.");

    /// <summary>A SQL identifier that no column has: properties of OData have no dollar sign in their names.</summary>
    public string NewColumn() => SqlText.Identifier($"$c{_columns++}");
}
