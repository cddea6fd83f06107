using CoupaGateway.OData.Model;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>What the translators of one request share: rows that names stand for, parameters, tables beside the main one, the instant of <c>now()</c>, and what the expressions may cost.</summary>
internal sealed class ExpressionScope
{
    private readonly Dictionary<TableSchema, Dictionary<string, ColumnSchema>> _columns = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<RangeVariable, RowReference> _variables = new(ReferenceEqualityComparer.Instance);

    public required FeedModel Model { get; init; }

    /// <summary>The row that names without a variable belong to.</summary>
    public required RowReference Main { get; set; }

    /// <summary>What a parameter alias stands for; null for one without a value, which is null.</summary>
    public required Func<string, SingleValueNode?> ParameterAlias { get; init; }

    /// <summary>Value of <c>now()</c>, the same in every place of a request (UTC).</summary>
    public required DateTime Now { get; init; }

    public required ExpressionBudget Budget { get; init; }

    public SqlParameters Parameters { get; init; } = new();

    public RelatedTables Related { get; init; } = new();

    /// <summary>The same request, another row.</summary>
    public ExpressionScope For(RowReference main, Func<string, SingleValueNode?> parameterAlias) => new()
    {
        Model = Model,
        Main = main,
        ParameterAlias = parameterAlias,
        Now = Now,
        Budget = Budget,
        Parameters = Parameters,
        Related = Related,
    };

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
}
