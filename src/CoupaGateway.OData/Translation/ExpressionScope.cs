using CoupaGateway.OData.Errors;
using CoupaGateway.Schema;

namespace CoupaGateway.OData.Translation;

/// <summary>What the translators of one request share: the table, the parameters, the instant of <c>now()</c>, and the limits.</summary>
/// <param name="now">Value of <c>now()</c>, the same in every place of a request (UTC).</param>
internal sealed class ExpressionScope(TableSchema table, SqlParameters parameters, DateTime now, int maxDepth, int maxNodes)
{
    private readonly Dictionary<string, ColumnSchema> _columns = table.Columns.ToDictionary(static column => column.Name, StringComparer.Ordinal);
    private int _depth;
    private int _nodes;

    public SqlParameters Parameters { get; } = parameters;

    public DateTime Now { get; } = now;

    public ColumnSchema Column(string name) => _columns[name];

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
}
