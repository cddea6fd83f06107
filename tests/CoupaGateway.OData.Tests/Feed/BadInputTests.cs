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
        { "invoices?$filter=gross_total lt INF", 400, "too large" },
        { "invoices?$filter=gross_total lt 1e300", 400, "too large" },
        { "invoices?$filter=status has 'x'", 400, "flags" },
        { "invoices?$filter=$root/invoice_lines(invoices_id=1,id=10)/invoices/status eq status", 501, "$root/invoices(1)/status" },
        { "invoices?$filter=$root/invoices(1)/colour eq status", 400, "colour" },
        { "invoices?$filter=$root/invoices('a')/status eq status", 400, "$filter" },
        { "invoices?$filter=$root/nothing(1)/status eq status", 400, "nothing" },
        { "invoices?$filter=$root/suppliers(1)/name eq status", 503, "suppliers" },
        { "invoices?$filter=matchesPattern(status,'(')", 400, "" },
        { "invoices?$filter=case(id eq 1) eq 1", 400, "case" },
        { "invoices?$filter=case(id eq 1:) eq 1", 400, "case" },
        { "invoices?$filter=case() eq 1", 400, "case" },
        { "invoices?$filter=case(id eq 1:2:3) eq 1", 400, "case" },
        { "invoices?$filter=case(id eq 1:'x',true:2) eq 1", 400, "$filter" },
        { "invoices?$filter=case(id:1) eq 1", 400, "" },
        { "invoices?$filter=matchesPattern(status,'(?=a)')", 400, "" },
        { "invoices?$filter=matchesPattern(status,'(a{1000}){1000}')", 400, "" },
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
        { "invoices?$search=", 400, "$search" },
        { "invoices?$search=\"a", 400, "$search" },
        { "invoices?$search=(a", 400, "$search" },
        { "invoices?$search=" + new string('(', 150) + "a" + new string(')', 150), 400, "$search" },
        { "invoices(1)?$search=a", 400, "$search" },
        { "invoices?$compute=id add 1 as status", 400, "status" },
        { "invoices?$compute=id add 1 as invoice_lines", 400, "invoice_lines" },
        { "invoices?$compute=id add 1 as n,id add 2 as n", 400, "n" },
        { "invoices?$compute=id add 1", 400, "$compute" },
        { "invoices?$compute=id add 1 as 12", 400, "'12'" },
        { "invoices?$select=n&$compute=id add 1 as m", 400, "n" },
        { "invoices?$deltatoken=1", 400, "$deltatoken" },
        { "invoices(99)/invoice_lines", 404, "invoices" },
        { "invoices(99)/invoice_lines/$count", 404, "invoices" },
        { "invoice_lines(invoices_id=1,id=99)/invoices", 404, "invoice_lines" },
        { "invoices(1)/invoice_lines(invoices_id=2,id=12)", 404, "invoice_lines" },
        { "invoices(1)/invoice_lines(12)", 404, "invoice_lines" },
        { "invoices(1)/$count", 404, "" },
        { "invoices(1)/$value", 400, "$value" },
        { "invoices(99)/status", 404, "invoices" },
        { "invoices(99)/status/$value", 404, "invoices" },
        { "invoices(99)/$ref", 404, "invoices" },
        { "invoices(99)?$expand=invoice_lines", 404, "invoices" },
        { "invoices(1)/status?$select=id", 400, "$select" },
        { "invoices/$ref?$select=id", 400, "$select" },
        { "invoices(@k)", 400, "@k" },
        { "invoices(@k)?@k='x'", 400, "@k" },
        { "invoices(@k )?@k=1", 400, "" },
        { "invoices/$filter(id eq 1)", 501, "$filter" },
        { "invoices/$filter(@f)?@f=id eq 1", 501, "$filter" },
        { "invoices/$filter(@f)", 501, "$filter" },
        { "invoices/$filter(@f)/$each?@f=id eq 1", 501, "$filter" },
        { "invoices/$each", 501, "$each" },
        { "invoices/Coupa.invoices", 501, "" },
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
        Assert.Contains(named, error.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
    }
}
