using System.Net;
using System.Text.Json;

namespace CoupaGateway.EndToEnd.Tests.Syncs;

/// <summary>
/// A disk without room. The limit of a file's size stands for it: it holds whatever the machine permits, and a write fails in the same place.
/// </summary>
public sealed class DiskTests
{
    // What a gateway needs to start fits; a chunk of the tables below does not.
    private const int Kilobytes = 32;

    private static readonly (string, string)[] LargeChunks = [("Chunks__RowsPerChunk", "16384"), ("Sync__CheckpointInterval", "00:01:00")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_gives_right_rows_or_503_and_a_load_that_says_so()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.2, tables: ["invoices", "suppliers"]);
        var loaded = await bench.StartGatewayAsync(LargeChunks);
        await SyncBench.UntilIdleAsync(loaded);
        await loaded.StopAsync(Token);

        var full = await bench.StartGatewayOnFullDiskAsync(Kilobytes, LargeChunks);
        var (refused, answered) = (0, 0);
        foreach (var table in (await SyncBench.SendAsync(full, HttpMethod.Get, "tables")).Body.EnumerateArray().Select(static table => table.GetProperty("name").GetString()!))
        {
            using var response = await full.Client.GetAsync($"odata/acme/{table}?$filter=_changed_at gt 2000-01-01T00:00:00Z&$count=true&$top=1", Token);
            using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
            Assert.Contains(response.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable });
            if (response.StatusCode == HttpStatusCode.OK)
                Assert.Equal(bench.Sandbox.Control.CountRows(table), body.RootElement.GetProperty("@odata.count").GetInt64());
            else
                Assert.Equal("DiskFull", body.RootElement.GetProperty("error").GetProperty("code").GetString());

            _ = response.StatusCode == HttpStatusCode.OK ? answered++ : refused++;
        }

        Assert.InRange(refused, 1, int.MaxValue);
        Assert.InRange(answered, 1, int.MaxValue);

        var run = await SyncBench.EndOfAsync(full, (await SyncBench.StartRunAsync(full, "full"))!);
        Assert.Equal("failed", run.GetProperty("state").GetString());
        Assert.Contains("No space left", run.GetProperty("tables").EnumerateArray().First(static table => table.GetProperty("table").GetString() == "invoices").GetProperty("error").GetString(), StringComparison.Ordinal);
        await full.StopAsync(Token);

        var roomy = await bench.StartGatewayAsync(LargeChunks);
        await bench.AssertEqualsTenantAsync(roomy);
        await SyncBench.RunAsync(roomy, "full");
        await bench.AssertEqualsTenantAsync(roomy);
    }
}
