using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>A reader as docs/loads.md tells it to be.</summary>
internal sealed class Follower(OrdersTests test)
{
    private readonly Dictionary<string, Dictionary<string, (string Value, string ChangedAt)>> _tables = [];
    private readonly Dictionary<string, string> _newest = [];
    private string _newestDeletion = "";

    public void Follow()
    {
        foreach (var table in new[] { OrdersTests.Orders, OrdersTests.Lines, OrdersTests.Parts })
        {
            var rows = _tables.TryGetValue(table.Name, out var known) ? known : _tables[table.Name] = [];
            var newest = _newest.GetValueOrDefault(table.Name, "");
            foreach (var row in test.Rows(table, [.. Columns(table), "_changed_at"]).Select(static row => row.Split('|')))
            {
                if (string.CompareOrdinal(row[^1], newest) <= 0)
                    continue;

                rows[Key(table, row)] = (row[^2], row[^1]);
                if (string.CompareOrdinal(row[^1], _newest.GetValueOrDefault(table.Name, "")) > 0)
                    _newest[table.Name] = row[^1];
            }
        }

        foreach (var deletion in test.Rows(SystemTables.DeletedRecords, "table_name", "key_values", "_changed_at").Select(static row => row.Split('|')))
        {
            if (string.CompareOrdinal(deletion[2], _newestDeletion) <= 0)
                continue;

            _newestDeletion = deletion[2];
            if (_tables[deletion[0]].TryGetValue(deletion[1], out var row) && string.CompareOrdinal(row.ChangedAt, deletion[2]) < 0)
                _tables[deletion[0]].Remove(deletion[1]);
        }
    }

    public void AssertEqualsTables()
    {
        foreach (var table in new[] { OrdersTests.Orders, OrdersTests.Lines, OrdersTests.Parts })
        {
            var expected = test.Rows(table, Columns(table)).Select(static row => row.Split('|')).Select(row => $"{Key(table, row)} {row[^1]}").Order(StringComparer.Ordinal);
            Assert.Equal(expected, _tables[table.Name].Select(static row => $"{row.Key} {row.Value.Value}").Order(StringComparer.Ordinal));
        }
    }

    private static string[] Columns(TableSchema table) => [.. table.Key.Select(static column => column.Name), table == OrdersTests.Orders ? "name" : "text"];

    private static string Key(TableSchema table, string[] row) => $"{{{string.Join(',', table.Key.Select((column, i) => $"\"{column.Name}\":{row[i]}"))}}}";
}
