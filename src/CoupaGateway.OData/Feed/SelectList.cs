using System.Collections.Immutable;
using CoupaGateway.OData.Expansion;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;

namespace CoupaGateway.OData.Feed;

/// <summary>The SELECT list of rows that are written, and what its columns are.</summary>
internal sealed class SelectList
{
    private readonly List<RowColumn> _columns = [];
    private readonly List<string> _items = [];

    public ImmutableArray<RowColumn> Columns => [.. _columns];

    public string Text => string.Join(", ", _items);

    /// <summary>What is selected, the numbers of related rows, and the key, which is hidden where it is not selected.</summary>
    public static SelectList Of(SelectPlan select, ExpandPlan inside, TableSchema table, string alias)
    {
        var list = new SelectList();
        foreach (var column in select.Columns)
            list.Add(new(column.Name, SqlTypes.RowKind(SqlTypes.Kind(column.Type))), $"{alias}.{SqlText.Identifier(column.Name)}");
        foreach (var property in select.Computed)
            list.Add(new(property.Name, SqlTypes.RowKind(property.Value.Kind), IsDynamic: true), $"{property.In(alias).Text} AS {SqlText.Identifier(property.Name)}");
        foreach (var (name, sql) in inside.Counts)
            list.Add(new($"{name}{JsonRowFormat.LongPrefix}count", RowValueKind.Int64, IsAnnotation: true), sql);
        foreach (var key in table.Key.Where(key => list.IndexOf(key.Name) < 0))
            list.Add(new(key.Name, RowValueKind.Int64, Hidden: true), $"{alias}.{SqlText.Identifier(key.Name)}");
        return list;
    }

    /// <summary>Where a column of that name stands; negative where none does.</summary>
    public int IndexOf(string name) => _columns.FindIndex(column => column.Name == name);

    /// <returns>Where it stands.</returns>
    public int Add(RowColumn column, string sql)
    {
        _columns.Add(column);
        _items.Add(sql);
        return _columns.Count - 1;
    }
}
