using CoupaGateway.Schema;

namespace CoupaGateway.OData.Translation;

/// <summary>
/// The tables that expressions read beside the one that the query is about. Each stands in SQL under a short name, which a WITH clause explains once
/// chunks are open (<see cref="Tables.TableSource"/>).
/// </summary>
internal sealed class RelatedTables
{
    private readonly List<TableSchema> _tables = [];

    /// <summary>In the order of their names, which is that of their first use: the same for the same options.</summary>
    public IReadOnlyList<TableSchema> Tables => _tables;

    /// <summary>The name of the table with this number in <see cref="Tables"/>.</summary>
    public static string Name(int index) => $"r{index}";

    /// <summary>The name of a table, which is read from now on.</summary>
    public string Use(TableSchema table)
    {
        var index = _tables.IndexOf(table);
        if (index < 0)
        {
            index = _tables.Count;
            _tables.Add(table);
        }

        return Name(index);
    }
}
