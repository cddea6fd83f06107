using System.Text.Json;
using System.Text.RegularExpressions;
using CoupaGateway.Schema.Catalogue;

namespace CoupaGateway.Schema.Tests.Catalogue;

public sealed partial class BuiltInCatalogueTests
{
    private static readonly SchemaRevision Schema = BuiltInCatalogue.Build(CoupaRelease.Newest);

    [Fact]
    public void Catalogue_has_17_api_tables_and_83_nested_ones()
    {
        Assert.Equal(17, Schema.Tables.Count(table => table.Parent is null));
        Assert.Equal(83, Schema.Tables.Count(table => table.Parent is not null));
        Assert.Equal(100, Schema.Tables.Select(table => table.Name).Distinct().Count());
    }

    [Fact]
    public void Connections_with_the_same_tables_share_them()
    {
        Assert.Same(Schema, BuiltInCatalogue.Build(CoupaRelease.Newest, [.. BuiltInCatalogue.ApiTables.Reverse()]));
        var invoices = BuiltInCatalogue.Build(CoupaRelease.Newest, ["invoices"]);
        var older = BuiltInCatalogue.Build(CoupaRelease.Oldest, ["invoices"]);
        Assert.NotSame(Schema, invoices);
        Assert.NotSame(invoices, older);
        Assert.NotEqual(invoices.Fingerprint, older.Fingerprint);
    }

    [Fact]
    public void Connections_that_begin_at_once_share_them_too()
    {
        for (var round = 0; round < 8; round++)
        {
            // Tables that no other test builds, so that all of these find none.
            string[] tables = ["users", BuiltInCatalogue.ApiTables.Where(static table => table != "users").ElementAt(round)];
            var built = new SchemaRevision[8];
            using var start = new Barrier(built.Length);
            var threads = Enumerable.Range(0, built.Length).Select(index => new Thread(() =>
            {
                start.SignalAndWait();
                built[index] = BuiltInCatalogue.Build(CoupaRelease.Oldest, tables);
            })).ToArray();
            Array.ForEach(threads, static thread => thread.Start());
            Array.ForEach(threads, static thread => thread.Join());

            Assert.All(built, schema => Assert.Same(built[0], schema));
        }
    }

    [Fact]
    public void Every_name_is_a_legal_odata_identifier_and_unique_in_its_table()
    {
        foreach (var table in Schema.Tables)
        {
            Assert.Matches(ODataIdentifier(), table.Name);
            Assert.All(table.Columns, column => Assert.Matches(ODataIdentifier(), column.Name));
            Assert.Equal(table.Columns.Length, table.Columns.Select(column => column.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.InRange(table.Columns.Length, 3, SchemaLimits.ColumnsPerTable);
        }
    }

    [Fact]
    public void Every_key_is_made_of_integers_and_ends_with_the_own_key()
    {
        foreach (var table in Schema.Tables)
        {
            Assert.All(table.Key, column => Assert.Equal(ColumnType.Int64, column.Type));
            Assert.All(table.Key, column => Assert.False(string.IsNullOrEmpty(column.Description), $"{table.Name}.{column.Name}"));
            Assert.Equal(table.Ancestors, table.Key.SkipLast(1).Select(column => column.Ancestor!));
            Assert.Equal(table.Key, table.Columns.Take(table.Key.Length));
            Assert.Contains(table.Columns, column => column.Kind == ColumnKind.Position);
            Assert.Equal(SystemColumns.ChangedAt, table.Columns[^1].Name);
        }
    }

    [Fact]
    public void Every_table_is_described_and_every_class_and_reference_resolves()
    {
        Assert.All(Schema.Tables, table => Assert.NotNull(table.Description));
        var data = CatalogueData.Instance;
        foreach (var (name, fields) in data.References)
        {
            Assert.Empty(fields.Except(data.Classes[name].Select(field => field.Name)));
        }

        foreach (var field in data.Classes.Values.SelectMany(fields => fields).Where(field => field.Class is not null))
        {
            Assert.True(data.Classes.ContainsKey(field.Class!), field.Class);
        }
    }

    [Fact]
    public void Fields_that_are_never_returned_and_credentials_are_in_no_table()
    {
        var suppliers = Table("suppliers").Columns.Select(column => column.Name).ToArray();

        Assert.DoesNotContain("cxml_secret", suppliers);
        Assert.DoesNotContain("cxml_http_password", suppliers);
        Assert.DoesNotContain("password", Table("users").Columns.Select(column => column.Name));
        Assert.DoesNotContain("unspsc", Table("invoice_lines").Columns.Select(column => column.Name));
    }

    [Fact]
    public void Objects_become_reference_columns_and_changes_become_pairs()
    {
        var invoices = Table("invoices").Columns.ToDictionary(column => column.Name);
        Assert.Equal(["supplier", "name"], invoices["supplier_name"].Path);
        Assert.Equal(["currency", "code"], invoices["currency_code"].Path);
        Assert.Contains("approved", invoices["status"].AllowedValues);
        Assert.Equal(ColumnType.Decimal, invoices["gross_total"].Type);

        var revisions = Table("purchase_order_revisions").Columns.ToDictionary(column => column.Name);
        Assert.Equal(["status", "from"], revisions["status_from"].Path);
        Assert.Equal(["supplier", "to", "name"], revisions["supplier_to_name"].Path);
        Assert.Equal(ColumnType.DateTime, revisions["acknowledged_at_to"].Type);
    }

    [Fact]
    public void Keys_are_the_ancestors_ids_and_the_own_id_or_position()
    {
        Assert.Equal(["id"], Key("invoices"));
        Assert.Equal(["invoices_id", "id"], Key("invoice_lines"));
        Assert.Equal(["requisitions_id", "requisition_lines_id", "id"], Key("requisition_lines_account_allocations"));
        Assert.Equal(["approvals_id", "_position"], Key("approvals_reasons"));
        Assert.Equal(["revision_record_id"], Key("purchase_order_revisions"));
        Assert.False(Table("purchase_order_revisions").Resource!.IdIsUnique);
        Assert.Equal("created_at", Table("purchase_order_revisions").Resource!.Watermark);
    }

    [Fact]
    public void An_older_release_lacks_what_came_later()
    {
        var old = BuiltInCatalogue.Build(CoupaRelease.Oldest);

        Assert.Equal(100, old.Tables.Length);
        Assert.True(old.TryGetTable("approvals", out var approvals));
        Assert.DoesNotContain("holdable", approvals.Columns.Select(column => column.Name)); // since R28
        Assert.Contains("holdable", Table("approvals").Columns.Select(column => column.Name));
        Assert.DoesNotContain("holdable", approvals.Resource!.Projection!, StringComparison.Ordinal);
        Assert.NotEqual(Schema.Fingerprint, old.Fingerprint);
    }

    [Fact]
    public void The_record_s_own_field_wins_over_a_reference_of_the_same_name()
    {
        var column = Table("approvals").Columns.Single(column => column.Name == "approver_id");

        Assert.Equal(["approver-id"], column.Path);
    }

    [Fact]
    public void The_projection_asks_for_the_paths_of_the_family_and_nothing_else()
    {
        foreach (var root in Schema.Tables.Where(table => table.Parent is null))
        {
            var asked = Asked(root.Resource!.Projection!);
            var wanted = Wanted(root);

            Assert.All(wanted, path => Assert.Contains(asked, leaf => path == leaf || path.StartsWith(leaf + "/", StringComparison.Ordinal)));
            Assert.All(asked.Where(static leaf => !IsOpen(leaf)), leaf => Assert.Contains(wanted, path => path == leaf || path.StartsWith(leaf + "/", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_projection_that_fits_names_every_field_but_the_sides_of_changes()
    {
        Assert.Equal(Wanted(Table("purchase_orders")), Asked(Table("purchase_orders").Resource!.Projection!).Where(static leaf => !IsOpen(leaf)));
        Assert.Contains("status", Asked(Table("purchase_order_revisions").Resource!.Projection!)); // not status/from, status/to
    }

    [Fact]
    public void Customers_own_fields_are_asked_for_as_a_whole_wherever_a_class_has_them()
    {
        var invoices = Table("invoices").Resource!.Projection!;
        Assert.Contains("{\"custom_fields\":{}}", invoices, StringComparison.Ordinal);
        Assert.Contains("invoice_lines/custom_fields", Asked(invoices));
    }

    [Fact]
    public void Every_projection_fits_a_url()
    {
        foreach (var root in Schema.Tables.Where(table => table.Parent is null))
        {
            var encoded = Uri.EscapeDataString(root.Resource!.Projection!).Replace("%2C", ",", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal).Replace("%5B", "[", StringComparison.Ordinal).Replace("%5D", "]", StringComparison.Ordinal);
            Assert.True(encoded.Length <= Projection.MaxEncodedLength, $"{root.Name}: {encoded.Length}");
        }
    }

    [Fact]
    public void What_is_asked_for_as_a_whole_is_what_brings_the_least_unwanted()
    {
        var invoices = Asked(Table("invoices").Resource!.Projection!);

        // Half of a record's bytes are its lines, and a supplier or a contract has a hundred fields of its own.
        Assert.Contains("invoice_lines/price", invoices);
        Assert.Contains("invoice_lines/contract/name", invoices);
        Assert.Contains("supplier/name", invoices);
        Assert.Contains("created_by", invoices);
        Assert.Contains("dispute_reasons", invoices);
    }

    [Fact]
    public void Processes_select_api_tables()
    {
        Assert.Contains("invoices", BuiltInCatalogue.AccountsPayable);
        Assert.DoesNotContain("purchase_orders", BuiltInCatalogue.AccountsPayable);
        Assert.Contains("purchase_orders", BuiltInCatalogue.PurchaseToPay);
        Assert.DoesNotContain("inventory_transactions", BuiltInCatalogue.PurchaseToPay);
    }

    [Fact]
    public void An_unknown_api_table_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => BuiltInCatalogue.Build(CoupaRelease.Newest, ["invoices", "invoicez"]));

        Assert.Contains("invoicez", error.Message, StringComparison.Ordinal);
    }

    private static string Prefix(TableSchema table)
    {
        if (table.Parent is null)
        {
            return "";
        }

        Assert.True(Schema.TryGetTable(table.Parent, out var parent));
        return Prefix(parent) + string.Join('/', table.NestedPath) + '/';
    }

    private static bool IsOpen(string leaf) => leaf == "custom_fields" || leaf.EndsWith("/custom_fields", StringComparison.Ordinal);

    private static SortedSet<string> Asked(string projection)
    {
        using var document = JsonDocument.Parse(projection);
        return [.. Leaves(document.RootElement, "")];
    }

    private static SortedSet<string> Wanted(TableSchema root)
    {
        var fields = Schema.Family(root.Name).SelectMany(table => table.Columns
            .Where(column => column.Kind == ColumnKind.Field)
            .Select(column => (Prefix(table) + string.Join('/', column.Path)).Replace('-', '_')));

        // A nested table without fields of its own (approvals_reasons) is asked for by name.
        var bare = Schema.Family(root.Name).Where(table => table.Parent is not null && table.Columns.All(column => column.Kind != ColumnKind.Field));
        return [.. fields, .. bare.Select(table => Prefix(table).Replace('-', '_').TrimEnd('/'))];
    }

    private static IEnumerable<string> Leaves(JsonElement list, string prefix)
    {
        if (list.ValueKind == JsonValueKind.Object)
        {
            Assert.Empty(list.EnumerateObject()); // an object as a whole
            yield return prefix.TrimEnd('/');
            yield break;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                yield return prefix + item.GetString();
                continue;
            }

            foreach (var property in item.EnumerateObject())
            {
                foreach (var leaf in Leaves(property.Value, $"{prefix}{property.Name}/"))
                {
                    yield return leaf;
                }
            }
        }
    }

    private static TableSchema Table(string name) => Schema.TryGetTable(name, out var table) ? table : throw new KeyNotFoundException(name);

    private static string[] Key(string table) => [.. Table(table).Key.Select(column => column.Name)];

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,127}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ODataIdentifier();
}
