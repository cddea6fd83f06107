using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CoupaGateway.Sandbox.Faults;

namespace CoupaGateway.Sandbox.Tests;

public sealed class ControlTests
{
    [Fact]
    public async Task Records_are_made_changed_and_deleted()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var ids = sandbox.Control.Ids("invoices").ToList();
        var before = sandbox.Control.Now;
        sandbox.Control.Update("invoices", ids[3], new JsonObject { ["status"] = "voided" });
        sandbox.Control.Delete("invoices", ids[5]);
        var made = sandbox.Control.Create("invoices", new JsonObject { ["invoice_number"] = "NEW-1" }, like: ids[0]);
        var changed = await sandbox.AllAsync("invoices", $"updated_at[gt_or_eq]={Uri.EscapeDataString(before.ToString("yyyy-MM-dd'T'HH:mm:sszzz"))}");
        Assert.Equal([ids[3], made], changed.Select(r => (long)r["id"]!));
        Assert.Equal("voided", (string?)changed[0]["status"]);
        Assert.NotEmpty(changed[0]["invoice-lines"]!.AsArray());
        Assert.Equal("NEW-1", (string?)changed[1]["invoice-number"]);
        Assert.Equal(HttpStatusCode.NotFound, (await sandbox.GetAsync($"/api/invoices/{ids[5]}")).StatusCode);
        Assert.Equal(ids.Where(i => i != ids[5]).Append(made), (await sandbox.AllAsync("invoices", "return_object=limited")).Select(r => (long)r["id"]!));
        Assert.Equal(ids.Count, sandbox.Control.CountRows("invoices"));
        sandbox.Control.ClearChanges();
        Assert.Equal(ids, sandbox.Control.Ids("invoices"));
    }

    [Fact]
    public async Task Lines_of_an_order_change_in_both_resources()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var order = (await sandbox.AllAsync("purchase_orders")).First(o => o["order-lines"]!.AsArray().Count > 2);
        var id = (long)order["id"]!;
        var lines = order["order-lines"]!.AsArray().Select(l => (long)l!["id"]!).ToList();
        var rows = sandbox.Control.CountRows("purchase_order_lines");
        sandbox.Control.UpdateChild("purchase_orders", id, "order-lines", lines[0], new JsonObject { ["description"] = "changed" });
        sandbox.Control.DeleteChild("purchase_orders", id, "order-lines", lines[1]);
        var now = await sandbox.OneAsync($"/api/purchase_orders/{id}");
        Assert.Equal(lines.Count - 1, now["order-lines"]!.AsArray().Count);
        Assert.Equal("changed", (string?)(await sandbox.OneAsync($"/api/purchase_order_lines/{lines[0]}"))["description"]);
        Assert.Equal(rows - 1, sandbox.Control.CountRows("purchase_order_lines"));
        Assert.Equal(rows - 1, sandbox.Control.CountRows("purchase_orders_order_lines"));
        sandbox.Control.AddChild("purchase_orders", id, "order-lines", new JsonObject { ["description"] = "added" });
        Assert.Equal(rows, sandbox.Control.CountRows("purchase_orders_order_lines"));
        Assert.Equal(rows, sandbox.Control.CountRows("purchase_order_lines"));
        sandbox.Control.Delete("purchase_orders", id);
        Assert.Equal(rows - lines.Count, sandbox.Control.CountRows("purchase_order_lines"));
    }

    [Fact]
    public async Task A_change_of_an_order_revision_hits_that_one()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var before = await sandbox.AllAsync("purchase_order_revisions");
        var order = before.GroupBy(Id).First(group => group.Count() > 2).ToList();
        var keys = order.ConvertAll(Key);
        sandbox.Control.Update("purchase_order_revisions", keys[1], new JsonObject { ["status"] = new JsonObject { ["from"] = "a", ["to"] = "b" } });
        sandbox.Control.Delete("purchase_order_revisions", keys[0]);
        var made = sandbox.Control.Create("purchase_order_revisions", [], like: keys[2]);

        var now = await sandbox.AllAsync("purchase_order_revisions");
        var revisions = now.Where(r => Id(r) == Id(order[0])).ToList();
        Assert.Equal([.. keys.Skip(1), made], revisions.Select(Key));
        Assert.Equal("b", (string?)revisions[0]["status"]!["to"]);
        Assert.True(JsonNode.DeepEquals(order[2], revisions[1]));
        Assert.Equal(before.Count, now.Count);
        Assert.Equal(now.Count, sandbox.Control.CountRows("purchase_order_revisions"));
        Assert.Equal(now.Select(Id).Order(), now.Select(Id));
        Assert.Throws<KeyNotFoundException>(() => sandbox.Control.Delete("purchase_order_revisions", keys[0]));
        Assert.Throws<ArgumentException>(() => sandbox.Control.Create("purchase_order_revisions", []));

        static long Id(JsonObject revision) => (long)revision["id"]!;
        static long Key(JsonObject revision) => (long)revision["revision-record"]!["id"]!;
    }

    [Fact]
    public async Task The_truth_has_the_rows_of_every_table()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        sandbox.Control.Update("invoices", sandbox.Control.Ids("invoices").First(), new JsonObject { ["status"] = "voided" });
        foreach (var table in SandboxControl.Tables)
        {
            var rows = sandbox.Control.Rows(table).ToList();
            Assert.Equal(sandbox.Control.CountRows(table), rows.Count);
            Assert.Equal(rows.Count, rows.DistinctBy(static row => (row.Key, string.Join('/', row.Position))).Count());
        }

        var answers = (await sandbox.AllAsync("invoices")).ToDictionary(static record => (long)record["id"]!);
        foreach (var row in sandbox.Control.Rows("invoices"))
        {
            foreach (var (name, value) in answers[row.Record])
            {
                if (value is JsonValue or null)
                    Assert.True(JsonNode.DeepEquals(value, row.Values[name]), $"{row.Record}.{name}");
            }
        }

        foreach (var row in sandbox.Control.Rows("invoice_lines"))
            Assert.Equal((string?)answers[row.Record]["invoice-lines"]![row.Position[0]]!["price"], (string?)row.Values["price"]);
    }

    [Fact]
    public async Task Rows_of_some_records_go_over_http()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var ids = sandbox.Control.Ids("invoices").ToList();
        var expected = sandbox.Control.Rows("invoice_lines", ids[2], ids[4]).ToList();
        var range = await RowsAsync($"invoice_lines?from={ids[2]}&to={ids[4]}");
        var named = await RowsAsync($"invoice_lines?ids={ids[2]},{ids[3]},{ids[4]}");

        Assert.True(JsonNode.DeepEquals(range, named));
        Assert.Equal(expected.Count, range.Count);
        Assert.Equal(expected.Select(static row => (row.Record, row.Ids[0])), range.Select(static row => ((long)row!["record"]!, (long?)row["ids"]![0])));
        Assert.All(expected.Zip(range), static pair => Assert.True(JsonNode.DeepEquals(pair.First.Values, pair.Second!["values"])));
        Assert.Equal(HttpStatusCode.NotFound, (await sandbox.GetAsync("/_sandbox/rows/moons")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await sandbox.GetAsync("/_sandbox/rows/invoices?from=x")).StatusCode);

        async Task<JsonArray> RowsAsync(string query) => JsonNode.Parse(await sandbox.Http.GetStringAsync($"/_sandbox/rows/{query}"))!.AsArray();
    }

    [Fact]
    public async Task Changes_settings_and_truth_go_over_http_too()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var id = sandbox.Control.Ids("suppliers").First();
        using var patched = await sandbox.Http.PatchAsJsonAsync($"/_sandbox/records/suppliers/{id}?touch=false", new { name = "Renamed" });
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.Equal("Renamed", (string?)(await sandbox.OneAsync($"/api/suppliers/{id}"))["name"]);
        using var rate = await sandbox.Http.PatchAsJsonAsync("/_sandbox/settings", new { rate = 7.5, pageDelayMilliseconds = 3 });
        Assert.Equal(7.5, sandbox.Control.Rate);
        Assert.Equal(3, sandbox.Control.PageDelay.TotalMilliseconds);
        Assert.Equal(sandbox.Control.CountRows("suppliers_taggings"), (long?)(await sandbox.OneAsync("/_sandbox/truth/suppliers_taggings"))["rows"]);
        Assert.Equal(HttpStatusCode.NotFound, (await sandbox.GetAsync("/_sandbox/truth/moons")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await sandbox.Http.DeleteAsync("/_sandbox/records/suppliers/1")).StatusCode);
        var now = sandbox.Control.Now;
        using var clock = await sandbox.Http.PostAsJsonAsync("/_sandbox/clock", new { advanceSeconds = 86_400 });
        Assert.True(sandbox.Control.Now >= now.AddDays(1));
        using var custom = await sandbox.Http.PostAsJsonAsync("/_sandbox/custom-fields", new { resource = "users", name = "shoe_size", type = "integer" });
        sandbox.Control.Rate = 0;
        Assert.Contains(await sandbox.AllAsync("users"), u => u["custom-fields"]!.AsObject().ContainsKey("shoe-size"));
    }

    [Fact]
    public async Task Faults_hit_the_requests_they_are_meant_for()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var control = sandbox.Control;
        control.AddFault(new Fault { Kind = FaultKind.Status, Path = "/api/users", Skip = 1, Count = 1, Status = 502, RetryAfter = "3", Body = "oops" });
        Assert.Equal(HttpStatusCode.OK, (await sandbox.GetAsync("/api/users")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await sandbox.GetAsync("/api/departments")).StatusCode);
        using var status = await sandbox.GetAsync("/api/users");
        Assert.Equal(HttpStatusCode.BadGateway, status.StatusCode);
        Assert.Equal("3", status.Headers.RetryAfter!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await sandbox.GetAsync("/api/users")).StatusCode);

        control.AddFault(new Fault { Kind = FaultKind.Html, Count = 1 });
        using var html = await sandbox.GetAsync("/api/users");
        Assert.Equal("text/html", html.Content.Headers.ContentType!.MediaType);
        control.AddFault(new Fault { Kind = FaultKind.Redirect, Count = 1, Location = "https://login.example.com/" });
        Assert.Equal("https://login.example.com/", (await sandbox.GetAsync("/api/users")).Headers.Location!.ToString());
        control.AddFault(new Fault { Kind = FaultKind.Drip, Count = 1, DelayMilliseconds = 1 });
        Assert.Single(await sandbox.ListAsync("/api/users?limit=1&return_object=limited"));
        control.AddFault(new Fault { Kind = FaultKind.Delay, Count = 1, DelayMilliseconds = 1 });
        Assert.Single(await sandbox.ListAsync("/api/users?limit=1&return_object=limited"));
        control.AddFault(new Fault { Kind = FaultKind.Malformed, Count = 1, Field = "id", Value = "\"seven\"" });
        Assert.All(await sandbox.ListAsync("/api/users"), u => Assert.Equal("seven", (string?)u!["id"]));
        control.AddFault(new Fault { Kind = FaultKind.Malformed, Count = 1 });
        Assert.Contains("31st of never", (await sandbox.ListAsync("/api/invoices"))[0]!.ToJsonString(), StringComparison.Ordinal);

        control.AddFault(new Fault { Kind = FaultKind.Drop, Count = 1 });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sandbox.GetAsync("/api/users"));
        control.AddFault(new Fault { Kind = FaultKind.Cut, Count = 1 });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sandbox.Http.GetStringAsync("/api/users"));
        control.AddFault(new Fault { Kind = FaultKind.Endless, Count = 1 });
        using var endless = await sandbox.Http.GetAsync("/api/users", HttpCompletionOption.ResponseHeadersRead);
        await using (var stream = await endless.Content.ReadAsStreamAsync())
            await stream.ReadExactlyAsync(new byte[4_000_000]);
        control.AddFault(new Fault { Kind = FaultKind.Status });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await sandbox.GetAsync("/api/users")).StatusCode);
        using var cleared = await sandbox.Http.DeleteAsync("/_sandbox/faults");
        Assert.Equal(HttpStatusCode.OK, (await sandbox.GetAsync("/api/users")).StatusCode);
    }
}
