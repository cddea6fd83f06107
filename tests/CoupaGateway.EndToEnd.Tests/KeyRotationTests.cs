using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CoupaGateway.Sandbox;

namespace CoupaGateway.EndToEnd.Tests;

/// <summary>A connection gets a new pseudonymization key while its feed is read.</summary>
public sealed partial class KeyRotationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_has_tokens_of_one_key_and_all_tables_change_at_once()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.05, Rate = 0 }, cancellationToken: Token);
        Dictionary<string, string> keys = [];
        AddKey(1, 11);
        int matches;
        await using (var first = await StartAsync())
        {
            var feed = new Feed(first.Client);
            await first.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded with the first key", Token);
            matches = await MatchesAsync(feed);
            Assert.True(matches > 10);
            await first.StopAsync(Token);
        }

        AddKey(2, 12);
        await using var gateway = await StartAsync();
        var answers = new ConcurrentQueue<(long Begun, long Ended, string Version)>();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var old = new Feed(gateway.Client);
        var firstPage = await old.GetAsync("invoices?$select=id,created_by_login", Token);
        var next = firstPage.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        var readers = new[] { "users?$select=login&$top=500", "invoices?$select=created_by_login&$top=500", "approvals?$select=approver_login&$top=500" }
            .Select(query => Task.Run(() => ReadOnAsync(query))).ToArray();

        await gateway.UntilAsync(() => Task.FromResult(answers.Any(static answer => answer.Version == "k12")), "tables have the second key", Token);
        await Task.Delay(500, Token);
        await done.CancelAsync();
        await Task.WhenAll(readers);

        // Whoever asks after an answer with the new key never gets the old one, from whichever table.
        var changed = answers.Where(static answer => answer.Version == "k12").Min(static answer => answer.Ended);
        Assert.DoesNotContain(answers, answer => answer.Version == "k11" && answer.Begun > changed);
        Assert.Contains(answers, static answer => answer.Version == "k11");

        // What was begun before goes on as it was.
        if (next is not null)
            Assert.DoesNotContain("k12_", (await old.GetAsync(next, Token)).GetRawText(), StringComparison.Ordinal);
        await gateway.UntilAsync(() => old.IsLoadedAsync(Token), "all tables are loaded with the second key", Token);
        Assert.Equal(matches, await MatchesAsync(old));

        async Task ReadOnAsync(string query)
        {
            while (!done.IsCancellationRequested)
            {
                var begun = Environment.TickCount64;
                using var response = await gateway.Client.GetAsync(Feed.Root + query, Token);
                var text = await response.Content.ReadAsStringAsync(Token);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                answers.Enqueue((begun, Environment.TickCount64, Assert.Single(Versions().Matches(text).Select(static match => match.Value).Distinct())));
            }
        }

        void AddKey(int place, int version)
        {
            keys[$"Connections__demo__Pseudonymization__Keys__{place}__Version"] = $"{version}";
            keys[$"Connections__demo__Pseudonymization__Keys__{place}__Environment"] = $"TEST_PSEUDONYM_KEY_{version}";
            keys[$"TEST_PSEUDONYM_KEY_{version}"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        }

        Task<GatewayProcess> StartAsync() =>
            GatewayProcess.StartAsync(["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()], keys, Token);
    }

    [GeneratedRegex("k[0-9]+(?=_)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Versions();

    /// <summary>Invoices whose creator is among the users.</summary>
    private static async Task<int> MatchesAsync(Feed feed)
    {
        var logins = (await feed.ReadAllAsync("users?$select=login", Token)).Select(static user => user.GetProperty("login").GetString()).ToHashSet();
        return (await feed.ReadAllAsync("invoices?$select=created_by_login", Token)).Count(invoice => logins.Contains(invoice.GetProperty("created_by_login").GetString()));
    }
}
