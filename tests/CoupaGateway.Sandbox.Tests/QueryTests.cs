using System.Net;
using System.Text.Json.Nodes;

namespace CoupaGateway.Sandbox.Tests;

public sealed class QueryTests
{
    [Fact]
    public async Task Keyset_and_offset_paging_give_the_same_ids_and_ids_have_gaps()
    {
        await using var sandbox = await SandboxClient.StartAsync(o => o.Scale = 0.2);
        foreach (var resource in SandboxControl.Resources.Where(r => r != "purchase_order_revisions"))
        {
            var byOffset = (await sandbox.AllAsync(resource, "return_object=limited")).Select(r => (long)r["id"]!).ToList();
            var byKey = new List<long>();
            JsonArray page;
            do
            {
                page = await sandbox.ListAsync($"/api/{resource}?id[gt]={byKey.LastOrDefault()}&order_by=id&dir=asc&limit=50&return_object=limited");
                byKey.AddRange(page.Select(r => (long)r!["id"]!));
            }
            while (page.Count == 50);
            Assert.Equal(byOffset, byKey);
            Assert.Equal(sandbox.Control.CountRows(resource), byKey.Count);
            Assert.Equal(byKey.Distinct().Order(), byKey);
            Assert.NotEqual(byKey.Count, byKey[^1] - byKey[0] + 1);
        }
    }

    [Theory]
    [InlineData("status=approved")]
    [InlineData("status[not_eq]=approved")]
    [InlineData("status[in]=approved,draft")]
    [InlineData("status[not_in]=approved,draft")]
    [InlineData("invoice_number[contains]=31")]
    [InlineData("invoice-number[starts_with]=INV-00030")]
    [InlineData("invoice_number[ends_with]=1")]
    [InlineData("gross_total[gt]=500.5")]
    [InlineData("gross_total[lt_or_eq]=500.5")]
    [InlineData("line_count[gt_or_eq]=4")]
    [InlineData("line_count[lt]=4")]
    [InlineData("payment_date[blank]=true")]
    [InlineData("payment_date[blank]=false")]
    [InlineData("updated_at[gt_or_eq]=2024-10-07T06:59:46-07:00")]
    [InlineData("updated_at[gt]=2024-03-01T00:00:00Z&updated_at[lt]=2025-03-01T00:00:00Z&status=approved")]
    [InlineData("currency[code]=EUR")]
    [InlineData("id[in]=3001,3002,3004,3005,3010")]
    public async Task Filter_finds_what_trying_every_record_finds(string filter)
    {
        await using var sandbox = await SandboxClient.StartAsync(o => o.Scale = 0.1);
        var all = await sandbox.AllAsync("invoices");
        var expected = all.Where(r => filter.Split('&').All(f => Holds(r, f))).Select(r => (long)r["id"]!).ToList();
        var found = (await sandbox.AllAsync("invoices", filter)).Select(r => (long)r["id"]!).ToList();
        Assert.Equal(expected, found);
        Assert.InRange(found.Count, 1, all.Count - 1);
        var descending = (await sandbox.AllAsync("invoices", filter + "&order_by=id&dir=desc")).Select(r => (long)r["id"]!);
        Assert.Equal(Enumerable.Reverse(expected), descending);
    }

    [Fact]
    public async Task Associations_filter_through_one_and_two_steps()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var all = await sandbox.AllAsync("invoices");
        var supplier = (long)all[3]["supplier"]!["id"]!;
        Assert.Equal(
            all.Where(r => (long)r["supplier"]!["id"]! == supplier).Select(r => (long)r["id"]!),
            (await sandbox.AllAsync("invoices", $"supplier[id][in]={supplier},1")).Select(r => (long)r["id"]!));
        var login = (string)all[5]["created-by"]!["login"]!;
        Assert.Equal(
            all.Where(r => (string?)r["created-by"]!["login"] == login).Select(r => (long)r["id"]!),
            (await sandbox.AllAsync("invoices", $"created_by[login]={login}")).Select(r => (long)r["id"]!));
        var item = (long)all[7]["invoice-lines"]![0]!["item"]!["id"]!;
        Assert.Contains((long)all[7]["id"]!, (await sandbox.AllAsync("invoices", $"invoice_lines[item][id]={item}")).Select(r => (long)r["id"]!));
    }

    [Theory]
    [InlineData("moon=1")]
    [InlineData("id[near]=1")]
    [InlineData("id[gt]=one")]
    [InlineData("updated_at[gt]=never")]
    [InlineData("supplier[moon]=1")]
    [InlineData("order_by=moon")]
    [InlineData("dir=up")]
    [InlineData("offset=-1")]
    [InlineData("fields=[\"id\"")]
    [InlineData("return_object=huge")]
    public async Task Query_that_makes_no_sense_is_a_bad_request_with_the_offender(string query)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        using var answer = await sandbox.GetAsync("/api/invoices?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEmpty((await SandboxClient.JsonAsync(answer))["errors"]!.AsObject());
    }

    [Fact]
    public async Task Fields_project_and_nested_objects_too()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var fields = Uri.EscapeDataString(
            """["id","invoice_number",{"supplier":["id","number"]},{"invoice-lines":["id",{"item":["id"]}]},{"custom_fields":{}},"legacy-plant-code","moon"]""");
        var page = await sandbox.ListAsync("/api/invoices?fields=" + fields);
        Assert.All(page, r => Assert.Subset(
            new HashSet<string> { "id", "invoice-number", "supplier", "invoice-lines", "custom-fields", "legacy-plant-code" },
            r!.AsObject().Select(p => p.Key).ToHashSet()));
        Assert.Equal(["id", "number"], page[0]!["supplier"]!.AsObject().Select(p => p.Key));
        Assert.Equal(["id", "item"], page[0]!["invoice-lines"]![0]!.AsObject().Select(p => p.Key));
        Assert.Contains(page, r => r!["legacy-plant-code"] is not null);
        Assert.Contains(page, r => r!["custom-fields"]!["project"]?["id"] is not null);
        Assert.Contains("InvoiceHeader.moon", sandbox.Control.UnknownFields.Keys);
        Assert.All(await sandbox.ListAsync("/api/invoices?return_object=limited"), r => Assert.Equal(["id"], r!.AsObject().Select(p => p.Key)));
    }

    [Fact]
    public async Task Order_by_a_time_is_stable_through_pages_and_ties()
    {
        await using var sandbox = await SandboxClient.StartAsync(o => o.Scale = 0.1);
        var all = await sandbox.AllAsync("invoices", "order_by=updated_at&dir=desc");
        Assert.Equal(200, all.Select(r => (long)r["id"]!).Distinct().Count());
        var times = all.ConvertAll(r => DateTimeOffset.Parse((string)r["updated-at"]!));
        Assert.Equal(times.OrderDescending(), times);
        Assert.NotEqual(all.Select(r => (long)r["id"]!).OrderDescending(), all.Select(r => (long)r["id"]!));
    }

    [Fact]
    public async Task Order_revisions_share_the_id_of_their_order_and_page_by_their_own_time()
    {
        await using var sandbox = await SandboxClient.StartAsync(o => o.Scale = 0.1);
        var all = await sandbox.AllAsync("purchase_order_revisions");
        Assert.True(all.Select(r => (long)r["id"]!).Distinct().Count() < all.Count);
        Assert.Equal(all.Count, all.Select(r => (long)r["revision-record"]!["id"]!).Distinct().Count());
        var after = "2024-06-01T00:00:00Z";
        var found = await sandbox.AllAsync("purchase_order_revisions", $"created_at[gt_or_eq]={after}&order_by=created_at&dir=asc");
        Assert.Equal(
            all.Where(r => DateTimeOffset.Parse((string)r["revision-record"]!["created-at"]!) >= DateTimeOffset.Parse(after))
                .Select(r => (long)r["revision-record"]!["id"]!).Order(),
            found.Select(r => (long)r["revision-record"]!["id"]!).Order());
    }

    [Fact]
    public async Task Five_million_invoices_answer_their_first_and_last_page()
    {
        await using var sandbox = await SandboxClient.StartAsync(o => o.Scale = 2_500);
        Assert.Equal(50, (await sandbox.ListAsync("/api/invoices")).Count);
        var last = await sandbox.ListAsync("/api/invoices?order_by=id&dir=desc&return_object=limited");
        var id = (long)last[0]!["id"]!;
        Assert.Equal(id, (long)(await sandbox.ListAsync("/api/invoices?offset=4999999&return_object=limited")).Single()!["id"]!);
        Assert.Equal(id, (long)(await sandbox.ListAsync($"/api/invoices?id[gt]={id - 1}"))[0]!["id"]!);
        Assert.Empty(await sandbox.ListAsync($"/api/invoices?id[gt]={id}"));
    }

    private static bool Holds(JsonObject record, string filter)
    {
        var (name, value) = (filter[..filter.IndexOf('=')], filter[(filter.IndexOf('=') + 1)..]);
        var parts = name.Replace("]", "", StringComparison.Ordinal).Split('[');
        var node = record[parts[0].Replace('_', '-')];
        if (parts[^1] == "code")
            return (string?)node?["code"] == value;
        var actual = node?.ToString();
        var operation = parts.Length > 1 ? parts[1] : "eq";
        if (operation == "blank")
            return actual is null == (value == "true");
        if (actual is null)
            return false;
        int Order() => parts[0] switch
        {
            "updated_at" => DateTimeOffset.Parse(actual).CompareTo(DateTimeOffset.Parse(value)),
            _ => decimal.Parse(actual).CompareTo(decimal.Parse(value)),
        };
        return operation switch
        {
            "eq" => actual == value,
            "not_eq" => actual != value,
            "in" => value.Split(',').Contains(actual),
            "not_in" => !value.Split(',').Contains(actual),
            "contains" => actual.Contains(value, StringComparison.Ordinal),
            "starts_with" => actual.StartsWith(value, StringComparison.Ordinal),
            "ends_with" => actual.EndsWith(value, StringComparison.Ordinal),
            "gt" => Order() > 0,
            "lt" => Order() < 0,
            "gt_or_eq" => Order() >= 0,
            _ => Order() <= 0,
        };
    }
}
