using System.Net.Http.Headers;
using System.Text.Json;
using CoupaGateway.Sandbox;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Sync.Tests.Flattening;

namespace CoupaGateway.Sync.Tests.Sources;

/// <summary>A projection saves bytes, never values.</summary>
public sealed class ProjectionTests
{
    private const string Null = "∅";

    public static TheoryData<string> Resources => [.. BuiltInCatalogue.ApiTables];

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task No_value_that_comes_without_a_projection_is_lost_with_it(string name)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.05, Rate = 0 }, cancellationToken: TestContext.Current.CancellationToken);
        using var client = await ConnectAsync(sandbox);
        var schema = BuiltInCatalogue.Build(CoupaRelease.Newest, [name]);
        var resource = schema.Tables[0].Resource!;
        var all = await client.GetStringAsync(resource.Path + "?order_by=id&dir=asc&limit=50", TestContext.Current.CancellationToken);
        var projected = await client.GetStringAsync(
            $"{resource.Path}?order_by=id&dir=asc&limit=50&fields={Uri.EscapeDataString(resource.Projection!).Replace("%2C", ",", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal).Replace("%5B", "[", StringComparison.Ordinal).Replace("%5D", "]", StringComparison.Ordinal)}", TestContext.Current.CancellationToken);
        var family = schema.Family(name);
        using var expected = new FlattenBench([.. family]);
        using var actual = new FlattenBench([.. family]);
        expected.Add(all);
        actual.Add(projected);

        Assert.True(projected.Length < all.Length, $"{projected.Length} of {all.Length}");
        for (var table = 0; table < family.Length; table++)
        {
            var rows = expected.Read(table).Select(static row => row.Split('|')).ToList();
            var columns = family[table].Columns;
            Assert.Equal(rows.Count, actual.Read(table).Length);
            foreach (var (row, other) in rows.Zip(actual.Read(table).Select(static row => row.Split('|'))))
            {
                for (var column = 0; column < row.Length; column++)
                {
                    if (row[column] != Null)
                        Assert.Equal($"{family[table].Name}.{columns[column].Name}={row[column]}", $"{family[table].Name}.{columns[column].Name}={other[column]}");
                }
            }
        }
    }

    private static async Task<HttpClient> ConnectAsync(SandboxServer sandbox)
    {
        var client = new HttpClient { BaseAddress = sandbox.BaseAddress };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = sandbox.ClientId,
            ["client_secret"] = sandbox.ClientSecret,
        });
        using var response = await client.PostAsync("/oauth2/token", form, TestContext.Current.CancellationToken);
        using var token = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.RootElement.GetProperty("access_token").GetString());
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        return client;
    }
}
