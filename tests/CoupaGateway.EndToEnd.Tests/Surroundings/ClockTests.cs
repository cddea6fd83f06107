using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoupaGateway.EndToEnd.Tests.Syncs;

namespace CoupaGateway.EndToEnd.Tests.Surroundings;

/// <summary>A gateway on a machine whose clock jumps while it runs: everything in the process sees it, the embedded cache and the query engine too.</summary>
public sealed class ClockTests
{
    /// <summary>Hours that the clock is ahead, one after the other: a host without NTP, a machine that slept, a wrong year, and right again.</summary>
    private static readonly int[] Jumps = [2, -30, 24 * 400, -24 * 400, 0];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_jumps_loses_nothing_and_ends_nothing(bool embedded)
    {
        using var clock = await MachineClock.CompileAsync(Token);
        await using var bench = await SyncBench.StartAsync(scale: 0.05, tables: ["invoices", "suppliers"]);
        (string, string)[] cache = embedded ? [("Cache__Redis", "")] : [];
        var gateway = await bench.StartGatewayAsync([.. clock.Settings, .. cache]);
        await SyncBench.UntilIdleAsync(gateway);
        var users = new TenantUsers(bench.Sandbox.Control, seed: 7);
        var last = DateTimeOffset.MinValue;
        var changes = await TrackAsync(gateway, "odata/acme/invoice_lines?$select=id");
        var tracked = bench.Sandbox.Control.CountRows("invoice_lines");

        foreach (var hours in Jumps)
        {
            clock.Ahead = TimeSpan.FromHours(hours);
            users.Change(20);
            var changed = await ChangeAsync(bench, gateway, $"at {hours}");
            Assert.True(changed > last, $"{changed:O} at {hours} hours is not after {last:O}");
            last = changed;
            await bench.AssertEqualsTenantAsync(gateway);
            foreach (var path in new[] { "livez", "readyz", "startupz", "odata/acme/invoices?$top=1", "odata/acme/$metadata" })
            {
                using var response = await gateway.Client.GetAsync(path, Token);
                Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path} at {hours} hours: {response.StatusCode}\n{gateway.Output}");
            }
        }

        Assert.Contains("clock was put", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail: ", gateway.Output, StringComparison.Ordinal);

        // What was deleted since is told although by one of the clocks it was long ago, and so is who did what; but not what was done, as it seems, a year ago.
        var told = await TrackAsync(gateway, changes.Link);
        Assert.True(told.Removed > 0 && tracked + told.Changed - told.Removed >= bench.Sandbox.Control.CountRows("invoice_lines"), $"{told}");
        using var audit = JsonDocument.Parse(await gateway.Client.GetStringAsync("api/v1/audit?count=100", Token));
        Assert.True(audit.RootElement.GetArrayLength() >= 2 * (Jumps.Length - 1), $"{audit.RootElement.GetArrayLength()} entries are left.");

        // It starts with a clock that is wrong, over what was stored by one that was right, and goes on.
        Assert.Equal(0, await gateway.StopAsync(Token));
        clock.Ahead = TimeSpan.FromDays(-5);
        var second = await bench.StartGatewayAsync([.. clock.Settings, .. cache, ("Cache__Folder", bench.FolderOf(gateway))]);
        users.Change(20);
        await ChangeAsync(bench, second, "after the start");
        await bench.AssertEqualsTenantAsync(second);
    }

    /// <summary>Reads to the end, where the link is that leads to what changes later.</summary>
    private static async Task<(string Link, int Changed, int Removed)> TrackAsync(GatewayProcess gateway, string first)
    {
        var (changed, removed) = (0, 0);
        for (var next = first; ;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next);
            request.Headers.Add("Prefer", "odata.track-changes");
            using var response = await gateway.Client.SendAsync(request, Token);
            var text = await response.Content.ReadAsStringAsync(Token);
            Assert.True(response.IsSuccessStatusCode, text);
            var page = JsonDocument.Parse(text).RootElement;
            var items = page.GetProperty("value").EnumerateArray().ToArray();
            var gone = items.Count(static item => item.TryGetProperty("reason", out _));
            (changed, removed) = (changed + items.Length - gone, removed + gone);
            if (!page.TryGetProperty("@odata.nextLink", out var more))
                return (page.GetProperty("@odata.deltaLink").GetString()!, changed, removed);
            next = more.GetString()!;
        }
    }

    /// <summary>Changes a supplier in Coupa, has it brought by a delta, and tells its <c>_changed_at</c>.</summary>
    private static async Task<DateTimeOffset> ChangeAsync(SyncBench bench, GatewayProcess gateway, string name)
    {
        bench.Sandbox.Control.Update("suppliers", bench.Sandbox.Control.Ids("suppliers").First(), new JsonObject { ["display-name"] = name });
        await SyncBench.RunAsync(gateway, "delta");
        await SyncBench.RunAsync(gateway, "reconcile");
        using var found = JsonDocument.Parse(await gateway.Client.GetStringAsync($"odata/acme/suppliers?$filter=display_name eq '{name}'&$select=id,_changed_at", Token));
        return Assert.Single(found.RootElement.GetProperty("value").EnumerateArray()).GetProperty("_changed_at").GetDateTimeOffset();
    }
}
