using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Aggregation;

/// <summary>
/// Values that read other tables, as columns of the rows that are put together: a subquery may stand neither in an aggregate nor in GROUP BY.
/// </summary>
internal sealed class SubqueryColumns(ExpressionBudget budget)
{
    private readonly List<string> _items = [];

    /// <summary>The SQL to use in the place of an expression.</summary>
    public string Use(string text) => text.Contains("SELECT ", StringComparison.Ordinal) ? Add(text) : text;

    /// <summary>A column of its own, whatever the expression.</summary>
    public string Add(string text)
    {
        var name = budget.NewColumn();
        _items.Add($"{text} AS {name}");
        return $"{RowReference.MainAlias}.{name}";
    }

    public Relation AddTo(Relation source) => source.With(_items);
}
