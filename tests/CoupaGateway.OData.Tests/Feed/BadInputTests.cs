using System.Text.Json;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class BadInputTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    public static TheoryData<string, int, string> Mistakes => new()
    {
        { "nothing", 404, "nothing" },
        { "invoices(99)", 404, "invoices" },
        { "invoices(id=1)/nothing", 404, "nothing" },
        { "invoices('x')", 400, "" },
        { "invoice_lines(10)", 400, "" },
        { "suppliers", 503, "suppliers" },
        { "suppliers/$count", 503, "suppliers" },
        { "invoices?$filter=colour eq 1", 400, "colour" },
        { "invoices?$filter=foo(id) eq 1", 400, "foo" },
        { "invoices?$filter=id eq 'x'", 400, "Edm.String" },
        { "invoices?$filter=created_at gt 'yesterday'", 400, "$filter" },
        { "invoices?$filter=id eq", 400, "$filter" },
        { "invoices?$filter=id", 400, "$filter" },
        { "invoices?$filter=", 400, "$filter" },
        { "invoices?$filter=matchesPattern(status,'(')", 400, "" },
        { "invoices?$filter=isof(id,Edm.String)", 501, "isof" },
        { "invoices?$select=colour", 400, "colour" },
        { "invoices?$select=invoice_lines/id", 400, "$select" },
        { "invoices?$orderby=colour", 400, "colour" },
        { "invoices?$orderby=id sideways", 400, "$orderby" },
        { "invoices?$top=-1", 400, "$top" },
        { "invoices?$top=1.5", 400, "$top" },
        { "invoices?$top=99999999999999999999", 400, "$top" },
        { "invoices?$skip=-1", 400, "$skip" },
        { "invoices?$skip=x", 400, "$skip" },
        { "invoices?$count=yes", 400, "$count" },
        { "invoices?$colour=1", 400, "$colour" },
        { "invoices?$top=1&$top=2", 400, "$top" },
        { "invoices?$top=1&top=2", 400, "$top" },
        { "invoices?$search=x", 501, "$search" },
        { "invoices?$compute=id add 1 as status", 400, "status" },
        { "invoices?$compute=id add 1 as invoice_lines", 400, "invoice_lines" },
        { "invoices?$compute=id add 1 as n,id add 2 as n", 400, "n" },
        { "invoices?$compute=id add 1", 400, "$compute" },
        { "invoices?$compute=time(created_at) as n", 501, "TimeOfDay" },
        { "invoices?$select=n&$compute=id add 1 as m", 400, "n" },
        { "invoices?$deltatoken=1", 501, "$deltatoken" },
        { "invoices(1)/invoice_lines", 501, "invoice_lines" },
        { "invoices(1)/status", 501, "status" },
        { "invoices(1)?$filter=id eq 1", 400, "$filter" },
        { "invoices/$count?$top=1", 400, "$top" },
        { "$metadata?$top=1", 400, "$top" },
        { "invoices?$format=atom", 406, "atom" },
        { "invoices?$format=application/json;odata.metadata=huge", 406, "$format" },
        { "$metadata?$format=text/csv", 406, "csv" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_answered_with_an_error_that_names_it(string path, int status, string named)
    {
        using var response = await feed.GetAsync(path);
        await ExpectAsync(response, status, named);
    }

    [Theory]
    [InlineData("POST", "invoices")]
    [InlineData("PUT", "invoices(1)")]
    [InlineData("PATCH", "invoices(1)")]
    [InlineData("DELETE", "invoices(1)")]
    [InlineData("DELETE", "nothing")]
    [InlineData("DELETE", "$metadata")]
    [InlineData("POST", "")]
    [InlineData("TRACE", "invoices")]
    [InlineData("BREW", "invoices")]
    public async Task Writing_is_not_allowed(string method, string path)
    {
        using var response = await feed.SendAsync(new(method), path);
        await ExpectAsync(response, 405, method);
        Assert.Equal("GET, HEAD, OPTIONS", string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("GET", "$batch")]
    [InlineData("GET", "invoices/$query")]
    [InlineData("DELETE", "%24batch")]
    public async Task What_is_sent_to_is_not_read(string method, string path)
    {
        using var response = await feed.SendAsync(new(method), path);
        await ExpectAsync(response, 405, method);
        Assert.Equal("POST, OPTIONS", string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("", "GET, HEAD, OPTIONS")]
    [InlineData("$metadata", "GET, HEAD, OPTIONS")]
    [InlineData("invoices", "GET, HEAD, OPTIONS")]
    [InlineData("invoices(1)", "GET, HEAD, OPTIONS")]
    [InlineData("$batch", "POST, OPTIONS")]
    [InlineData("invoices/$query", "POST, OPTIONS")]
    public async Task Options_tells_what_is_allowed(string path, string allowed)
    {
        using var response = await feed.SendAsync(HttpMethod.Options, path);
        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        Assert.Equal("4.0", Assert.Single(response.Headers.GetValues("OData-Version")));
    }

    [Theory]
    [InlineData("odata")]
    [InlineData("odata/")]
    public async Task A_path_without_a_connection_is_not_found(string path)
    {
        using var response = await feed.GetAsync($"{feed.Client.BaseAddress}{path}");
        await ExpectAsync(response, 404, "no connection");
    }

    [Fact]
    public async Task An_unknown_connection_is_not_found()
    {
        using var response = await feed.GetAsync($"{feed.Client.BaseAddress}odata/other/invoices");
        await ExpectAsync(response, 404, "other");
    }

    [Theory]
    [InlineData("Accept", "text/html", 406, "Accept")]
    [InlineData("Accept", "application/json;odata.metadata=huge", 406, "Accept")]
    [InlineData("OData-MaxVersion", "3.0", 400, "OData-MaxVersion")]
    [InlineData("OData-MaxVersion", "new", 400, "OData-MaxVersion")]
    public async Task A_header_that_cannot_be_met_is_answered_with_an_error(string name, string value, int status, string named)
    {
        using var response = await feed.GetAsync("invoices", (name, value));
        await ExpectAsync(response, status, named);
    }

    [Fact]
    public async Task Deep_and_huge_expressions_are_refused()
    {
        await RefusedAsync("$filter=" + new string('(', 150) + "id eq 1" + new string(')', 150));
        await RefusedAsync("$filter=" + string.Concat(Enumerable.Repeat("not ", 700)) + "paid");
        await RefusedAsync("$filter=id eq " + string.Concat(Enumerable.Repeat("- ", 700)) + "1");
        await RefusedAsync("$filter=" + string.Join(" or ", Enumerable.Repeat("id eq 1", 1_200)));
        await RefusedAsync("$filter=id eq 1" + string.Concat(Enumerable.Repeat(" add 1", 1_500)));
        await RefusedAsync("$filter=status eq '" + new string('x', 17_000) + "'");
        await RefusedAsync("$orderby=" + string.Join(',', Enumerable.Range(1, 20).Select(static number => $"id add {number}")));
    }

    [Fact]
    public async Task A_custom_option_without_dollar_is_ignored()
    {
        Assert.Equal(6, (await feed.IdsAsync("invoices?apikey=1&x=%F0%9F%98%80&$top=6")).Count);
        Assert.Equal([1], await feed.IdsAsync("invoices?TOP=1&$SELECT=id"));
    }

    [Fact]
    public async Task No_mutated_url_gives_a_server_error()
    {
        string[] seeds =
        [
            "invoices?$filter=contains(invoice_number,'INV') and gross_total gt 1.5 or not (created_at le 2026-01-01T00:00:00Z)&$orderby=status desc,id&$top=3&$skip=1",
            "invoices?$select=id,status&$filter=id in (1,2,3) and year(created_at) eq 2026&$count=true",
            "invoice_lines(invoices_id=1,id=10)?$select=*", "invoices/$count?$filter=version mod 2 eq 1", "invoices(1)", "$metadata?$format=json",
            "values?$filter=substring(b,1,2) eq 'x' and round(c) eq a and date(e) eq f and -a lt 3&$orderby=a mul c",
            "invoices?$filter=invoice_lines/any(l:l/total gt 5 and l/invoices/status eq @s) or invoice_lines/$count($filter=id gt 1) eq 2&@s='new'&$orderby=invoice_lines/$count desc",
            "invoices?$apply=filter(id gt 1)/groupby((status,paid),filter(id lt 9)/aggregate($count as n,gross_total with sum as s))/concat(topcount(2,n),aggregate(s with max as m))&$count=true",
            "values?$apply=compute(a add 1 as x)/groupby((x,b))/orderby(x desc)/skip(1)&$filter=x gt 2&$compute=x mul 2 as y&$orderby=y&$select=x,y",
            "invoices?$select=id&$expand=invoice_lines($select=id;$filter=total gt 1;$orderby=total desc;$top=2;$skip=1;$count=true;$expand=invoices($select=status))&$top=3",
            "invoice_lines?$filter=invoices/status eq 'new' and invoices/invoice_lines/all(x:x/id in (1,2))&$orderby=invoices/gross_total",
            "invoices?$filter=cast(gross_total,Edm.Int64) eq 5 and created_at sub duration'P1D' lt now()",
        ];
        string[] pieces = ["'", "(", ")", ",", "$", "null", " eq ", "%27", "%00", "%", "é", "-", "9999999999999999999999", "duration'P1D'", "/", "@x", " ", "1.5e400", ";", "--", "\"", "INF", "..", "%2F", "true"];
        var random = new Random(20261123);
        for (var round = 0; round < 3_000; round++)
        {
            var text = seeds[random.Next(seeds.Length)];
            for (var edit = random.Next(1, 4); edit > 0; edit--)
            {
                var at = random.Next(text.Length);
                text = random.Next(3) switch
                {
                    0 => text.Insert(at, pieces[random.Next(pieces.Length)]),
                    1 => text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at)) + " ",
                    _ => string.Concat(text.AsSpan(0, at), pieces[random.Next(pieces.Length)], text.AsSpan(Math.Min(text.Length, at + 2))),
                };
            }

            using var response = await feed.GetAsync(text.Replace("#", "%23", StringComparison.Ordinal));
            var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
            Assert.True((int)response.StatusCode is < 500 or 501, $"{text}: {(int)response.StatusCode} {body}");
            Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
            Assert.DoesNotContain("read_parquet", body, StringComparison.Ordinal);
        }
    }

    private async Task RefusedAsync(string query)
    {
        using var response = await feed.GetAsync("invoices?" + query);
        await ExpectAsync(response, 400, "");
    }

    private static async Task ExpectAsync(HttpResponseMessage response, int status, string named)
    {
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {body}");
        Assert.Equal("4.0", Assert.Single(response.Headers.GetValues("OData-Version")));
        Assert.Equal(["Accept", "Accept-Encoding", "Prefer", "OData-MaxVersion", "Authorization", "X-Api-Key"], response.Headers.Vary);
        Assert.StartsWith("application/json", response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
        Assert.NotEmpty(error.GetProperty("code").GetString()!);
        Assert.Contains(named, error.GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
    }
}
