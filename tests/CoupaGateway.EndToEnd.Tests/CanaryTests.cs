using System.Text;
using CoupaGateway.Sandbox;
using DuckDB.NET.Data;

namespace CoupaGateway.EndToEnd.Tests;

/// <summary>
/// The tenant puts a marker before every name, address of a person and typed text, also in its own fields and wherever people are referred to, and
/// numbers its users so that each shows. Nobody may find either behind the flattening.
/// </summary>
public sealed class CanaryTests
{
    private const string Canary = "CANARY7f3a";

    private const long FirstUser = 7_735_190_000_001;

    /// <summary>The marker, and what the ids of all users begin with.</summary>
    private static readonly string[] Markers = [Canary, $"{FirstUser}"[..^4]];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_personal_value_gets_past_the_flattening()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.05, Rate = 0, Canary = Canary, FirstUserId = FirstUser }, cancellationToken: Token);
        using (var tenant = await TenantClient.ConnectAsync(sandbox, Token))
        {
            var users = await tenant.ReadAllAsync("/api/users", Token);
            Assert.All(users, static user => Assert.All(Markers, marker => Assert.Contains(marker, user.GetRawText(), StringComparison.Ordinal)));
        }

        string output;
        var chunks = 0;
        await using (var gateway = await GatewayProcess.StartAsync(
            ["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()],
            new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Trace", ["Connections__demo__Pseudonymization__Rules__0__Name"] = "user-ids" },
            Token))
        {
            var feed = new Feed(gateway.Client);
            await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded", Token);
            var metadata = System.Xml.Linq.XDocument.Parse(await gateway.Client.GetStringAsync(Feed.Root + "$metadata", Token));
            var found = new List<string>();
            foreach (var set in metadata.Descendants().Where(static element => element.Name.LocalName == "EntitySet").Select(static element => (string)element.Attribute("Name")!))
            {
                found.AddRange((await feed.ReadAllAsync(set, Token)).SelectMany(static row => row.EnumerateObject())
                    .Where(static property => IsMarked(property.Value.ToString())).Select(property => $"{set}.{property.Name}"));
            }

            Assert.True(found.Count == 0, string.Join(", ", found.Distinct()));

            string[] mistakes = ["nothing", "users(0)", "users?$filter=login gt 'x'", "users?$filter=nothing eq 1", "users?$skiptoken=x"];
            foreach (var mistake in mistakes)
            {
                using var response = await gateway.Client.GetAsync(Feed.Root + mistake, Token);
                Assert.False(IsMarked(await response.Content.ReadAsStringAsync(Token)), mistake);
            }

            foreach (var chunk in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Where(IsParquet))
            {
                Assert.Equal(0, Count(chunk));
                chunks++;
            }

            await gateway.StopAsync(Token);
            output = gateway.Output;
        }

        Assert.True(chunks > 50, $"{chunks} chunks were read."); // the local copies of what lies in the cache
        Assert.Contains("trce: ", output, StringComparison.Ordinal); // it was as talkative as it can be
        Assert.DoesNotContain(output.Split('\n'), IsMarked);

        // The cache's files, checkpoints and the like: what is not compressed can be seen as it lies there.
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file, Token);
            Assert.All(Markers, marker => Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(marker)) < 0, $"{marker} in {file}"));
        }
    }

    private static bool IsMarked(string text) => Markers.Any(marker => text.Contains(marker, StringComparison.Ordinal));

    private static bool IsParquet(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> magic = stackalloc byte[4];
            return file.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("PAR1"u8);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Rows of a chunk that hold a marker in any column.</summary>
    private static long Count(string chunk)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM read_parquet('{chunk.Replace("'", "''", StringComparison.Ordinal)}') t WHERE {string.Join(" OR ", Markers.Select(static marker => $"contains(t::VARCHAR, '{marker}')"))}";
        return (long)command.ExecuteScalar()!;
    }
}
