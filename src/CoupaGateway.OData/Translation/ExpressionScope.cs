using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Model;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>What the translators of one request share: rows that names stand for, parameters, tables beside the main one, the instant of <c>now()</c>, and the limits.</summary>
internal sealed class ExpressionScope
{
    private readonly Dictionary<TableSchema, Dictionary<string, ColumnSchema>> _columns = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<RangeVariable, RowReference> _variables = new(ReferenceEqualityComparer.Instance);
    private int _depth;
    private int _nodes;
    private int _aliases;

    public required FeedModel Model { get; init; }

    /// <summary>The row that names without a variable belong to.</summary>
    public required RowReference Main { get; init; }

    /// <summary>What a parameter alias stands for; null for one without a value, which is null.</summary>
    public required Func<string, SingleValueNode?> ParameterAlias { get; init; }

    /// <summary>Value of <c>now()</c>, the same in every place of a request (UTC).</summary>
    public required DateTime Now { get; init; }

    public required ExpressionLimits Limits { get; init; }

    public SqlParameters Parameters { get; init; } = new();

    public RelatedTables Related { get; init; } = new();

    public TableSchema TableOf(IEdmEntityType type) => Model.TableOf(type);

    public ColumnSchema Column(TableSchema table, string name)
    {
        if (!_columns.TryGetValue(table, out var columns))
            _columns.Add(table, columns = table.Columns.ToDictionary(static column => column.Name, StringComparer.Ordinal));
        return columns[name];
    }

    /// <summary>The row that a variable stands for: that of its <c>any</c>, <c>all</c> or <c>$count</c>, or the main one.</summary>
    public RowReference Row(RangeVariable variable) => _variables.GetValueOrDefault(variable, Main);

    public void Declare(RangeVariable variable, RowReference row) => _variables.Add(variable, row);

    /// <summary>A SQL alias that nothing else in the query has.</summary>
    /// <exception cref="FeedException">The query reads more tables than allowed.</exception>
    public string NewAlias() => ++_aliases <= Limits.Navigations
        ? $"n{_aliases}"
        : throw FeedException.BadRequest(ErrorCodes.TooComplex, $"The query has more than {Limits.Navigations} uses of navigation properties.");

    /// <summary>Counts one level and one node; every call is followed by <see cref="Leave"/>.</summary>
    /// <exception cref="FeedException">The expression is deeper or larger than allowed.</exception>
    public void Enter()
    {
        if (++_depth > Limits.Depth)
            throw FeedException.BadRequest(ErrorCodes.TooComplex, $"The expression is nested deeper than {Limits.Depth} levels.");
        if (++_nodes > Limits.Nodes)
            throw FeedException.BadRequest(ErrorCodes.TooComplex, $"The expression has more than {Limits.Nodes} operators, functions, properties and literals.");
    }

    public void Leave() => _depth--;
}
