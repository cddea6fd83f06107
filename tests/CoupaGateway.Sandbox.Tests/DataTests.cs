using System.Text.Json;
using System.Text.Json.Nodes;
using CoupaGateway.Sandbox.Catalog;

namespace CoupaGateway.Sandbox.Tests;

public sealed class DataTests
{
    [Fact]
    public async Task Histories_add_up_and_name_records_that_exist()
    {
        await using var sandbox = await SandboxClient.StartAsync(o => o.Scale = 0.1);
        var suppliers = sandbox.Control.Ids("suppliers").ToHashSet();
        var users = sandbox.Control.Ids("users").ToHashSet();
        var orders = (await sandbox.AllAsync("purchase_orders")).ToDictionary(o => (long)o["id"]!);
        var requisitions = (await sandbox.AllAsync("requisitions")).ToDictionary(o => (long)o["id"]!);
        var lines = (await sandbox.AllAsync("purchase_order_lines")).ToDictionary(o => (long)o["id"]!);
        var invoices = await sandbox.AllAsync("invoices");
        Assert.Equal(lines.Keys.Order(), orders.Values.SelectMany(o => o["order-lines"]!.AsArray()).Select(l => (long)l!["id"]!).Order());
        foreach (var order in orders.Values)
        {
            Assert.Contains((long)order["supplier"]!["id"]!, suppliers);
            Assert.Contains((long)order["created-by"]!["id"]!, users);
            Assert.Equal(Money(order["total"]), Sum(order, "order-lines", "total"));
            var requisition = requisitions[(long)order["requisition-header"]!["id"]!];
            Assert.Equal(Money(order["total"]), Money(requisition["total"]));
            Assert.True(Time(requisition["created-at"]) <= Time(order["created-at"]));
        }

        foreach (var invoice in invoices)
        {
            Assert.Contains((long)invoice["supplier"]!["id"]!, suppliers);
            Assert.Contains((long)invoice["requested-by"]!["id"]!, users);
            var parts = new[] { "tax-amount", "shipping-amount", "handling-amount", "misc-amount" }.Sum(p => Money(invoice[p]));
            Assert.Equal(Money(invoice["gross-total"]), Sum(invoice, "invoice-lines", "total") + parts);
            Assert.Equal((bool)invoice["paid"]! ? Money(invoice["gross-total"]) : 0, Sum(invoice, "payments", "amount-paid"));
            foreach (var line in invoice["invoice-lines"]!.AsArray())
            {
                Assert.Equal(Money(line!["total"]), Money(line["price"]) * Money(line["quantity"]));
                Assert.Equal(Money(line["total"]), Sum(line.AsObject(), "account-allocations", "amount"));
                if (line["order-line-id"] is not { } orderLine)
                    continue;
                var order = orders[(long)lines[(long)orderLine]["order-header-id"]!];
                Assert.Equal((long)order["supplier"]!["id"]!, (long)invoice["supplier"]!["id"]!);
                Assert.Equal((string?)order["po-number"], (string?)line["po-number"]);
                Assert.True(Time(order["created-at"]) <= Time(invoice["created-at"]));
            }
        }

        foreach (var (id, line) in lines)
        {
            var billed = invoices.Where(i => (string)i["status"]! is not ("voided" or "rejected" or "abandoned"))
                .SelectMany(i => i["invoice-lines"]!.AsArray()).Where(l => (long?)l!["order-line-id"] == id).Sum(l => Money(l!["quantity"]));
            Assert.Equal(billed, Money(line["invoiced"]));
            Assert.True(billed <= Money(line["quantity"]));
        }

        var received = (await sandbox.AllAsync("inventory_transactions")).ToLookup(t => (long)t["order-line"]!["id"]!, t => Money(t["quantity"]));
        Assert.All(lines, l => Assert.Equal(received[l.Key].Sum(), Money(l.Value["received"])));
        var approvals = sandbox.Control.Ids("approvals").ToHashSet();
        Assert.Equal(
            approvals.Order(),
            invoices.Concat(requisitions.Values).SelectMany(d => d["approvals"]!.AsArray()).Select(a => (long)a!["id"]!).Order());
    }

    [Fact]
    public async Task Times_run_forward_within_the_bounds_that_time_windows_rely_on()
    {
        await using var sandbox = await SandboxClient.StartAsync(o => o.Scale = 0.1);
        foreach (var resource in SandboxControl.Resources)
        {
            var tenant = new Tenants.Tenant(42, 0.1, new SandboxOptions().FirstUserId).Resources[resource];
            for (var rank = 0L; rank < tenant.Keys.Count; rank++)
            {
                var node = tenant.NodeAt(rank);
                Assert.True(node.Created <= node.Updated, resource);
                Assert.True(node.Updated <= Tenants.History.End, resource);
                Assert.Contains(tenant.RanksWithin(node.Updated, node.Updated), r => rank >= r.From && rank < r.To);
                Assert.Contains(tenant.RanksWithin(node.Created, node.Created), r => rank >= r.From && rank < r.To);
                Assert.Equal(node.Id, tenant.Keys.IdAt(rank));
            }
        }
    }

    [Fact]
    public async Task Same_seed_gives_the_same_bytes_and_another_seed_does_not()
    {
        await using var first = await SandboxClient.StartAsync();
        await using var second = await SandboxClient.StartAsync();
        await using var other = await SandboxClient.StartAsync(o => o.Seed = 7);
        foreach (var resource in SandboxControl.Resources)
        {
            var page = await first.Http.GetStringAsync($"/api/{resource}");
            Assert.Equal(page, await second.Http.GetStringAsync($"/api/{resource}"));
            Assert.NotEqual(page, await other.Http.GetStringAsync($"/api/{resource}"));
        }
    }

    [Fact]
    public async Task Every_table_has_rows_and_the_truth_counts_what_the_answers_hold()
    {
        await using var sandbox = await SandboxClient.StartAsync(o => o.Scale = 0.3);
        Assert.Equal(100, SandboxControl.Tables.Count);
        foreach (var resource in ApiCatalog.Instance.Tables.GroupBy(t => t.Resource))
        {
            var all = await sandbox.AllAsync(resource.Key);
            foreach (var table in resource)
            {
                Assert.Equal(all.Count, sandbox.Control.CountRows(table.Name));
                foreach (var nested in table.Nested)
                {
                    IEnumerable<JsonNode?> rows = all;
                    foreach (var step in nested.Path)
                        rows = rows.SelectMany(r => r?[step.Name] switch { JsonArray a => a, JsonObject o => [o], _ => Enumerable.Empty<JsonNode?>() });
                    var count = rows.Count();
                    Assert.True(count > 0, nested.Name);
                    Assert.Equal(count, sandbox.Control.CountRows(nested.Name));
                }
            }
        }
    }

    [Fact]
    public async Task Every_readable_field_of_the_resources_appears_with_a_value()
    {
        await using var sandbox = await SandboxClient.StartAsync(o => o.Scale = 0.5);
        foreach (var resource in ApiCatalog.Instance.Resources.Values)
        {
            var missing = resource.Class.Fields.Where(f => !f.OnlyWhenNamed).Select(f => f.Name).ToHashSet();
            var nulls = 0;
            foreach (var record in await sandbox.AllAsync(resource.Name))
            {
                missing.ExceptWith(record.Where(p => p.Value is not null).Select(p => p.Key));
                nulls += record.Count(p => p.Value is null);
            }

            missing.ExceptWith(["original-transaction-id"]);
            Assert.True(missing.Count == 0, $"{resource.Name}: {string.Join(", ", missing)}");
            Assert.True(resource.Name == "purchase_order_revisions" || nulls > 0, resource.Name);
        }
    }

    [Fact]
    public async Task Values_look_like_Coupas()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var invoice = (await sandbox.ListAsync("/api/invoices?limit=1"))[0]!;
        Assert.Equal(JsonValueKind.String, invoice["gross-total"]!.GetValueKind());
        Assert.Equal(JsonValueKind.Number, invoice["exchange-rate"]!.GetValueKind());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-07:00$", (string)invoice["created-at"]!);
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", (string)invoice["net-due-date"]!);
        var shown = (await sandbox.AllAsync("invoices", "return_object=shallow"))[0];
        Assert.Equal(["id"], shown["supplier"]!.AsObject().Select(p => p.Key));
    }

    private static decimal Money(JsonNode? node) => decimal.Parse(node!.ToString());

    private static decimal Sum(JsonObject record, string array, string field) => record[array]!.AsArray().Sum(e => Money(e![field]));

    private static DateTimeOffset Time(JsonNode? node) => DateTimeOffset.Parse((string)node!);
}
