using System.Text.Json;
using CoupaGateway.EndToEnd.Tests.Syncs;

namespace CoupaGateway.EndToEnd.Tests.Drift;

/// <summary>What becomes of a customer's field whose values change, or that goes; and of one that nobody expected where the policy is to fail.</summary>
public sealed class TypeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_column_widens_with_its_values_and_is_null_once_they_are_gone()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.1, tables: ["suppliers"]);
        bench.Sandbox.Control.AddCustomField("suppliers", "grade", "integer");
        var gateway = await bench.StartGatewayAsync(("Connections__acme__ObservedColumns__CustomFields", "add"), ("Connections__acme__Pseudonymization__Rules__0__Name", "keep"),
            ("Connections__acme__Pseudonymization__Rules__0__Column", "custom_fields_grade"), ("Connections__acme__Pseudonymization__Rules__0__Algorithm", "keep"));
        await SyncBench.UntilIdleAsync(gateway);
        Assert.Equal("Edm.Int64", await TypeAsync(gateway));
        var numbers = await ValuesAsync(gateway);
        Assert.All(numbers, static value => Assert.Equal(JsonValueKind.Number, value.ValueKind));

        // Beside the whole numbers come decimals: those that were whole numbers are decimals now, in all chunks.
        bench.Sandbox.Control.AddCustomField("suppliers", "grade", "decimal");
        await FullLoadUntilAsync("Edm.Decimal");
        Assert.All(await ValuesAsync(gateway), static value => Assert.Equal(JsonValueKind.Number, value.ValueKind));

        bench.Sandbox.Control.AddCustomField("suppliers", "grade", "string");
        await FullLoadUntilAsync("Edm.String");
        Assert.All(await ValuesAsync(gateway), static value => Assert.Equal(JsonValueKind.String, value.ValueKind));

        // Never narrower again, and no error when it is gone.
        bench.Sandbox.Control.AddCustomField("suppliers", "grade", "integer");
        await SyncBench.RunAsync(gateway, "full");
        Assert.Equal("Edm.String", await TypeAsync(gateway));
        bench.Sandbox.Control.RemoveCustomField("suppliers", "grade");
        await SyncBench.RunAsync(gateway, "full");
        Assert.Equal("Edm.String", await TypeAsync(gateway));
        Assert.Empty(await ValuesAsync(gateway));

        var drift = (await SyncBench.SendAsync(gateway, HttpMethod.Get, "metadata/drift")).Body;
        var events = drift.GetProperty("events").EnumerateArray().Where(static one => one.GetProperty("path").GetString() == "custom_fields.grade").Select(static one => one.GetProperty("change").GetString()).ToArray();
        Assert.Equal(1, events.Count(static change => change == "came"));
        Assert.Equal(2, events.Count(static change => change == "changed"));
        Assert.Equal(1, events.Count(static change => change == "went"));

        async Task FullLoadUntilAsync(string type)
        {
            await SyncBench.RunAsync(gateway, "full");
            await gateway.UntilAsync(async () => await TypeAsync(gateway) == type, $"the column is {type}", Token);
            await SyncBench.UntilIdleAsync(gateway);
            await gateway.UntilAsync(async () => (await ValuesAsync(gateway)).Count > 0, "the table is loaded with it", Token);
        }
    }

    [Fact]
    public async Task Where_the_policy_is_to_fail_a_new_key_stops_the_load_by_name_and_the_old_rows_stay()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.1, tables: ["suppliers"]);
        foreach (var name in (string[])["cost-center-owner", "budget-limit", "reviewed", "project", "legacy-vendor-group"])
            bench.Sandbox.Control.RemoveCustomField("suppliers", name);
        var gateway = await bench.StartGatewayAsync(("Connections__acme__ObservedColumns__CustomFields", "fail"));
        await SyncBench.UntilIdleAsync(gateway);
        var before = (await SyncBench.SendAsync(gateway, HttpMethod.Get, "tables")).Body;
        bench.Sandbox.Control.AddCustomField("suppliers", "surprise", "string");

        var run = await SyncBench.EndOfAsync(gateway, (await SyncBench.StartRunAsync(gateway, "full"))!);

        Assert.Equal("failed", run.GetProperty("state").GetString());
        var error = run.GetProperty("tables")[0].GetProperty("error").GetString();
        Assert.Contains("suppliers.custom_fields.surprise", error, StringComparison.Ordinal);
        Assert.Contains("custom metadata", error, StringComparison.Ordinal);
        Assert.Equal(Version(before), Version((await SyncBench.SendAsync(gateway, HttpMethod.Get, "tables")).Body));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await gateway.Client.GetAsync("odata/acme/suppliers?$top=1", Token)).StatusCode);

        static long Version(JsonElement tables) => tables.EnumerateArray().Single(static table => table.GetProperty("name").GetString() == "suppliers").GetProperty("version").GetInt64();
    }

    private static async Task<string?> TypeAsync(GatewayProcess gateway)
    {
        var metadata = System.Xml.Linq.XDocument.Parse(await gateway.Client.GetStringAsync("odata/acme/$metadata", Token));
        return metadata.Descendants().Where(static one => one.Name.LocalName == "Property" && (string?)one.Attribute("Name") == "custom_fields_grade").Select(static one => (string?)one.Attribute("Type")).FirstOrDefault();
    }

    private static async Task<List<JsonElement>> ValuesAsync(GatewayProcess gateway)
    {
        var text = await gateway.Client.GetStringAsync("odata/acme/suppliers?$select=custom_fields_grade&$filter=custom_fields_grade ne null&$top=2000", Token);
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("value").EnumerateArray().Select(static row => row.GetProperty("custom_fields_grade"))];
    }
}
