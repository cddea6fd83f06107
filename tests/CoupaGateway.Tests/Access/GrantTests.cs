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
    /// <summary>Ways to name a column in a request, and whether each must work for a column that is granted.</summary>
    private static readonly (string Name, bool Works, Func<string, string> Make)[] Options =
    [
        ("$select", true, static column => $"?$top=0&$select={column}"),
        ("$filter", true, static column => $"?$top=0&$filter={column} eq null"),
        ("$filter in a function", false, static column => $"?$top=0&$filter=length(cast({column},Edm.String)) gt 0"),
        ("$filter by a parameter alias", false, static column => $"?$top=0&$filter=@c eq null&@c={column}"),
        ("$orderby", true, static column => $"?$top=0&$orderby={column} desc"),
        ("$expand", false, static column => $"?$top=0&$expand={column}"),
        ("$apply", false, static column => $"?$top=0&$apply=groupby(({column}))"),
        ("$compute", false, static column => $"?$top=0&$compute={column} as x"),
        ("$search", false, static column => $"?$top=0&$search={column}"),
        ("$count", true, static column => $"/$count?$filter={column} eq null"),
        ("all at once", true, static column => $"?$top=1&$skip=1&$count=true&$format=json&$orderby={column}&$filter={column} ne null&$select={column}"),
        ("csv", true, static column => $"?$top=0&$format=csv&$select={column}"),
        ("parquet", true, static column => $"?$top=0&$format=parquet&$orderby={column}"),
        ("arrow", true, static column => $"?$top=0&$format=arrow&$filter={column} eq null"),
        ("$select of a row", false, static column => $"(1)?$select={column}"),
        ("property of a row", false, static column => $"(1)/{column}"),
        ("value of a property", false, static column => $"(1)/{column}/$value"),
    ];

    /// <summary>Requests for a table as a whole. What is not granted answers each as a table that is not there.</summary>
    private static readonly string[] Wholes =
        ["", "/$count", "(1)", "?$top=1&$skip=1", "?$count=true", "?$format=json", .. DownloadedColumns.Formats.Select(static format => $"?$format={format}")];

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
        Assert.Equal(seen.Keys.Order(), await JsonMetadataSetsAsync(client));
        Assert.Equal(seen.Keys.Order(), await OpenApiSetsAsync(client));
        Assert.Equal(seen.Keys.Except([SystemTables.Meta.Name]).Order(), await MetaTablesAsync(client));
        var requests = 0;
        var unknownAnswers = new Dictionary<(string, string), (HttpStatusCode Status, string Body)>();
        foreach (var table in schema.Tables)
        {
            if (!seen.TryGetValue(table.Name, out var columns))
            {
                foreach (var whole in Wholes)
                {
                    var hidden = await GetAsync(client, table.Name + whole);
                    Assert.Equal(HttpStatusCode.NotFound, hidden.Status);
                    Assert.Equal((await GetAsync(client, "no_such_table" + whole)).Body.Replace("no_such_table", table.Name, StringComparison.Ordinal), hidden.Body);
                }

                continue;
            }

            var row = await GetAsync(client, $"{table.Name}?$top=1&$select=*");
            Assert.Equal(HttpStatusCode.OK, row.Status);
            foreach (var first in JsonDocument.Parse(row.Body).RootElement.GetProperty("value").EnumerateArray())
                Assert.Equal(columns.Order(StringComparer.Ordinal), first.EnumerateObject().Select(static property => property.Name).Order(StringComparer.Ordinal));

            foreach (var format in DownloadedColumns.Formats)
            {
                var file = await client.GetByteArrayAsync(new Uri($"odata/acme/{table.Name}?$top=1&$format={format}", UriKind.Relative), TestContext.Current.CancellationToken);
                Assert.Equal(columns.Order(StringComparer.Ordinal), DownloadedColumns.Read(format, file).Order(StringComparer.Ordinal));
            }

            foreach (var column in table.Columns)
            {
                foreach (var (option, works, make) in Options)
                {
                    var answer = await GetAsync(client, table.Name + make(column.Name));
                    if (!unknownAnswers.TryGetValue((table.Name, option), out var unknown))
                        unknownAnswers[(table.Name, option)] = unknown = await GetAsync(client, table.Name + make("no_such_column"));
                    requests++;
                    if (columns.Contains(column.Name))
                        Assert.True(!works || answer.Status == HttpStatusCode.OK, $"{option} of {table.Name}.{column.Name}: {answer.Body}");
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
    public async Task Swagger_UI_offers_the_feeds_that_are_granted_and_no_others()
    {
        using var other = await gateway.Host.ClientAsync(new KeyInput { Name = "other", Role = GatewayRole.Reader, Grants = [new("other")] });

        var pages = string.Concat(
            (await GatewayHost.SendAsync(other, "GET", "swagger/index.html")).Body, (await GatewayHost.SendAsync(other, "GET", "swagger/index.js")).Body);

        Assert.Contains("/odata/other/", pages, StringComparison.Ordinal);
        Assert.DoesNotContain("acme", pages, StringComparison.Ordinal);
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

    private static async Task<IEnumerable<string>> JsonMetadataSetsAsync(HttpClient client)
    {
        var metadata = JsonDocument.Parse((await GetAsync(client, "$metadata?$format=json")).Body).RootElement;
        return metadata.EnumerateObject().SelectMany(static member => member.Value.ValueKind == JsonValueKind.Object ? member.Value.EnumerateObject().ToArray() : [])
            .Where(static type => type.Value.TryGetProperty("$Kind", out var kind) && kind.GetString() == "EntityContainer")
            .SelectMany(static container => container.Value.EnumerateObject())
            .Where(static member => member.Value.ValueKind == JsonValueKind.Object && member.Value.TryGetProperty("$Collection", out _))
            .Select(static set => set.Name).Order();
    }

    /// <summary>The tables that <c>_meta</c> tells of.</summary>
    private static async Task<IEnumerable<string>> MetaTablesAsync(HttpClient client) =>
        JsonDocument.Parse((await GetAsync(client, "_meta?$select=table_name")).Body).RootElement.GetProperty("value").EnumerateArray().Select(static row => row.GetProperty("table_name").GetString()!).Order();

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
