using System.Text.Json;
using System.Text.Json.Nodes;

namespace CoupaGateway.EndToEnd.Tests.Syncs;

/// <summary>A client that follows delta links has what the feed has, without reading it again.</summary>
public sealed class DeltaLinkTests
{
    private static readonly string[] Tables = ["suppliers", "invoices", "invoice_lines"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_that_follows_the_changes_equals_the_tables()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.1, tables: ["invoices", "suppliers"]);
        await using var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);
        var control = bench.Sandbox.Control;
        var copies = new Dictionary<string, Copy>();
        foreach (var table in Tables)
        {
            copies[table] = new Copy(gateway.Client);
            await copies[table].FollowAsync($"odata/acme/{table}", Token);
        }

        var invoices = control.Ids("invoices").ToList();
        var suppliers = control.Ids("suppliers").ToList();
        for (var round = 0; round < 4; round++)
        {
            control.Advance(TimeSpan.FromMinutes(1));
            control.Update("suppliers", suppliers[round], new JsonObject { ["name"] = $"Changed {round}" });
            control.Update("invoices", invoices[round], new JsonObject { ["invoice-number"] = $"C-{round}" });
            control.Create("invoices", new JsonObject { ["invoice-number"] = $"N-{round}" }, like: invoices[^1]);
            control.Delete("invoices", invoices[10 + round]);
            if (round == 2)
                control.Delete("suppliers", suppliers[^1]);
            control.Advance(TimeSpan.FromMinutes(1));
            await SyncBench.RunAsync(gateway, "delta");
            if (round % 2 == 1)
                await SyncBench.RunAsync(gateway, "reconcile");
            foreach (var table in Tables)
                await copies[table].FollowAsync(null, Token);
        }

        foreach (var table in Tables)
        {
            // A run has ended a moment before every reader sees what it committed.
            var read = new Copy(gateway.Client);
            await gateway.UntilAsync(
                async () =>
                {
                    await copies[table].FollowAsync(null, Token);
                    read = new Copy(gateway.Client);
                    await read.FollowAsync($"odata/acme/{table}", Token);
                    return read.Rows.Count == copies[table].Rows.Count && !read.Rows.Except(copies[table].Rows).Any();
                },
                $"the copy of {table} equals the table",
                Token);
            Assert.True(copies[table].Told < read.Rows.Count, $"{copies[table].Told} changes of {read.Rows.Count} rows in {table}");
            Assert.True(copies[table].Removed > 0);
        }
    }

    /// <summary>What a client keeps of a table: rows by the address that the feed gives them, and the link to what changes.</summary>
    private sealed class Copy(HttpClient client)
    {
        private string _link = "";

        public Dictionary<string, string> Rows { get; } = new(StringComparer.Ordinal);

        /// <summary>Items that delta links gave.</summary>
        public int Told { get; private set; }

        public int Removed { get; private set; }

        /// <param name="table">Where to begin; null for the link that was given last.</param>
        public async Task FollowAsync(string? table, CancellationToken cancellationToken)
        {
            for (var next = table ?? _link; ;)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, next);
                request.Headers.Add("Prefer", "odata.track-changes, odata.maxpagesize=50");
                request.Headers.Add("Accept", "application/json;odata.metadata=full");
                using var response = await client.SendAsync(request, cancellationToken);
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                Assert.True(response.IsSuccessStatusCode, text);
                var page = JsonDocument.Parse(text).RootElement;
                foreach (var item in page.GetProperty("value").EnumerateArray())
                    Take(item, isChange: table is null);
                if (!page.TryGetProperty("@odata.nextLink", out var more))
                {
                    _link = page.GetProperty("@odata.deltaLink").GetString()!;
                    return;
                }

                next = more.GetString()!;
            }
        }

        private void Take(JsonElement item, bool isChange)
        {
            Told += isChange ? 1 : 0;
            if (item.TryGetProperty("reason", out _) && item.TryGetProperty("@odata.context", out _))
                Removed += Rows.Remove(item.GetProperty("id").GetString()!) ? 1 : 0;
            else
                Rows[item.GetProperty("@odata.id").GetString()!] = item.GetRawText();
        }
    }
}
