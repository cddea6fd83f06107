using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CoupaGateway.Access;
using CoupaGateway.Access.Grants;
using CoupaGateway.Access.Keys;
using CoupaGateway.Access.Limits;
using CoupaGateway.Schema;
using CoupaGateway.Tests.Hosting;

namespace CoupaGateway.Tests.Access;

/// <summary>Every combination of caller, table, column and query option, made from the schema.</summary>
public sealed class GrantTests(LoadedGateway gateway) : IClassFixture<LoadedGateway>
{
    /// <summary>Ways to name a column in a request. What a feed does not know answers 400 for each.</summary>
    private static readonly (string Name, Func<string, string> Make)[] Options =
    [
        ("$select", static column => $"$select={column}"),
        ("$filter", static column => $"$filter={column} eq null"),
        ("$filter in a function", static column => $"$filter=length(cast({column},Edm.String)) gt 0"),
        ("$orderby", static column => $"$orderby={column} desc"),
        ("$expand", static column => $"$expand={column}"),
        ("$apply", static column => $"$apply=groupby(({column}))"),
        ("$compute", static column => $"$compute={column} as x"),
        ("$search", static column => $"$search={column}"),
    ];

    private static readonly Dictionary<string, ConnectionGrant[]> Grants = new()
    {
        ["everything of the connection"] = [new("acme")],
        ["two tables"] = [new("acme", [new("suppliers"), new("suppliers_contacts")])],
        ["columns of two tables"] = [new("acme", [new("suppliers", ["id", "name", "status"]), new("departments", ["code"])])],
        ["a nested table without its parent"] = [new("acme", [new("suppliers_remit_to_addresses", ["city"])])],
        ["what does not exist"] = [new("acme", [new("nothing"), new("departments", ["nothing"])]), new("nowhere")],
        ["another connection"] = [new("other")],
        ["nothing"] = [],
    };

    public static TheoryData<string> Callers => [.. Grants.Keys];

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task Every_table_column_and_query_option_answers_as_granted(string caller)
    {
        using var client = await gateway.Host.ClientAsync(new KeyInput { Name = caller, Role = GatewayRole.Reader, Grants = Grants[caller] });
        var schema = gateway.Host.Get<ISchemaProvider>().Find("acme")!;
        if (!Grants[caller].Any(static grant => grant.Connection == "acme"))
        {
            await Nothing_of_the_connection_is_there(client);
            return;
        }

        var seen = Seen(schema, Grants[caller]);
        Assert.Equal(seen.Keys.Order(), await SetsAsync(client));
        Assert.Equal(seen.Keys.Order(), await MetadataSetsAsync(client, seen));
        Assert.Equal(seen.Keys.Order(), await OpenApiSetsAsync(client));
        var requests = 0;
        var unknownAnswers = new Dictionary<(string, string), (HttpStatusCode Status, string Body)>();
        foreach (var table in schema.Tables)
        {
            if (!seen.TryGetValue(table.Name, out var columns))
            {
                var hidden = await GetAsync(client, table.Name);
                Assert.Equal(HttpStatusCode.NotFound, hidden.Status);
                Assert.Equal((await GetAsync(client, "no_such_table")).Body.Replace("no_such_table", table.Name, StringComparison.Ordinal), hidden.Body);
                Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(client, $"{table.Name}/$count")).Status);
                Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(client, $"{table.Name}(1)")).Status);
                continue;
            }

            var row = await GetAsync(client, $"{table.Name}?$top=1&$select=*");
            Assert.Equal(HttpStatusCode.OK, row.Status);
            foreach (var first in JsonDocument.Parse(row.Body).RootElement.GetProperty("value").EnumerateArray())
                Assert.Equal(columns.Order(StringComparer.Ordinal), first.EnumerateObject().Select(static property => property.Name).Order(StringComparer.Ordinal));

            foreach (var column in table.Columns)
            {
                foreach (var (option, make) in Options)
                {
                    var answer = await GetAsync(client, $"{table.Name}?$top=0&{make(column.Name)}");
                    if (!unknownAnswers.TryGetValue((table.Name, option), out var unknown))
                        unknownAnswers[(table.Name, option)] = unknown = await GetAsync(client, $"{table.Name}?$top=0&{make("no_such_column")}");
                    requests++;
                    if (columns.Contains(column.Name))
                        Assert.True(option is not ("$select" or "$orderby") || answer.Status == HttpStatusCode.OK, $"{option} of {table.Name}.{column.Name}: {answer.Body}");
                    else
                        Assert.Equal((unknown.Status, Positions(unknown.Body, "no_such_column", column.Name)), (answer.Status, Positions(answer.Body, column.Name, column.Name)));
                }
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{caller}: {requests} combinations");
    }

    [Fact]
    public async Task A_page_token_does_not_widen_what_is_granted()
    {
        using var all = await gateway.Host.ClientAsync(new KeyInput { Name = "all", Role = GatewayRole.Reader });
        using var some = await gateway.Host.ClientAsync(new KeyInput { Name = "some", Role = GatewayRole.Reader, Grants = [new("acme", [new("suppliers", ["id"])])] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "odata/acme/suppliers?$orderby=name");
        request.Headers.Add("Prefer", "odata.maxpagesize=2");
        using var response = await all.SendAsync(request, TestContext.Current.CancellationToken);
        var next = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("@odata.nextLink").GetString()!;

        Assert.Equal(200, (await GatewayHost.SendAsync(all, "GET", next)).Status);
        Assert.Equal(400, (await GatewayHost.SendAsync(some, "GET", next)).Status);
        Assert.Equal(400, (await GatewayHost.SendAsync(some, "GET", next.Replace("$orderby=name&", "", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task Rows_a_page_are_limited_for_a_key()
    {
        using var client = await gateway.Host.ClientAsync(new KeyInput { Name = "small pages", Role = GatewayRole.Reader, Limits = new KeyLimits(RowsPerPage: 2) });

        var page = JsonDocument.Parse((await GetAsync(client, "suppliers?$select=id")).Body).RootElement;

        Assert.Equal(2, page.GetProperty("value").GetArrayLength());
        Assert.True(page.TryGetProperty("@odata.nextLink", out _));
    }

    [Fact]
    public async Task A_narrowed_table_gives_the_values_of_the_whole_one()
    {
        using var all = await gateway.Host.ClientAsync(new KeyInput { Name = "all", Role = GatewayRole.Reader });
        using var some = await gateway.Host.ClientAsync(new KeyInput { Name = "some", Role = GatewayRole.Reader, Grants = [new("acme", [new("suppliers", ["name"])])] });

        var whole = JsonDocument.Parse((await GetAsync(all, "suppliers?$select=id,name")).Body).RootElement.GetProperty("value").GetRawText();
        Assert.Equal(whole, JsonDocument.Parse((await GetAsync(some, "suppliers")).Body).RootElement.GetProperty("value").GetRawText());
    }

    private async Task Nothing_of_the_connection_is_there(HttpClient client)
    {
        foreach (var path in new[] { "", "$metadata", "$openapi", "suppliers", "suppliers?$select=id", "suppliers/$count", "nothing" })
        {
            var (status, body, _) = await GatewayHost.SendAsync(client, "GET", $"odata/acme/{path}");
            var unknown = await GatewayHost.SendAsync(client, "GET", $"odata/nowhere-at-all/{path}");
            Assert.Equal(404, status);
            Assert.Equal(unknown.Body.Replace("nowhere-at-all", "acme", StringComparison.Ordinal), body);
        }

        Assert.NotNull(gateway.Host.Get<ISchemaProvider>().Find("acme"));
    }

    private static Dictionary<string, HashSet<string>> Seen(SchemaRevision schema, ConnectionGrant[] grants)
    {
        var seen = new Dictionary<string, HashSet<string>>();
        foreach (var table in schema.Tables)
        {
            foreach (var grant in grants.Where(static grant => grant.Connection == "acme"))
            {
                if (grant.Tables is { } tables && !tables.Any(granted => granted.Name == table.Name))
                    continue;
                var columns = grant.Tables?.First(granted => granted.Name == table.Name).Columns;
                seen[table.Name] = [.. table.Columns.Where(column => column.IsKey || columns is null || columns.Value.Contains(column.Name)).Select(static column => column.Name)];
            }
        }

        foreach (var table in SystemTables.All)
        {
            if (table == SystemTables.Meta || grants.Any(static grant => grant.Connection == "acme" && grant.Tables is null))
                seen[table.Name] = [.. table.Columns.Select(static column => column.Name)];
        }

        return seen;
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(HttpClient client, string path)
    {
        var (status, body, _) = await GatewayHost.SendAsync(client, "GET", $"odata/acme/{path}");
        return ((HttpStatusCode)status, body);
    }

    /// <summary>Errors name the column and where in the text it stands: the one may differ, the other differs with the length of the name.</summary>
    private static string Positions(string body, string name, string instead) =>
        Regex.Replace(body.Replace(name, instead, StringComparison.Ordinal), @"\d+", "#", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static async Task<IEnumerable<string>> SetsAsync(HttpClient client) =>
        JsonDocument.Parse((await GetAsync(client, "")).Body).RootElement.GetProperty("value").EnumerateArray().Select(static set => set.GetProperty("name").GetString()!).Order();

    private static async Task<IEnumerable<string>> OpenApiSetsAsync(HttpClient client) =>
        JsonDocument.Parse((await GetAsync(client, "$openapi")).Body).RootElement.GetProperty("tags").EnumerateArray().Select(static tag => tag.GetProperty("name").GetString()!).Order();

    private static async Task<IEnumerable<string>> MetadataSetsAsync(HttpClient client, Dictionary<string, HashSet<string>> seen)
    {
        var metadata = XDocument.Parse((await GetAsync(client, "$metadata")).Body).Descendants().ToArray();
        foreach (var type in metadata.Where(static element => element.Name.LocalName == "EntityType"))
        {
            var properties = type.Elements().Where(static element => element.Name.LocalName == "Property").Select(static property => (string)property.Attribute("Name")!);
            Assert.Equal(seen[(string)type.Attribute("Name")!].Order(), properties.Order());
        }

        return metadata.Where(static element => element.Name.LocalName == "EntitySet").Select(static set => (string)set.Attribute("Name")!).Order();
    }
}
