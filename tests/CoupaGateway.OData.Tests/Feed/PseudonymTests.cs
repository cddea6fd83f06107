using System.Net;
using System.Text.Json;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>The feed's tables with the statuses and numbers of invoices as tokens would be: what stands in the chunks is taken for tokens.</summary>
public sealed class PseudonymTests(FeedFixture feed) : IClassFixture<FeedFixture>, IAsyncLifetime
{
    private static readonly TableSchema Invoices = Marked(TestTables.Invoices, "status", PseudonymAlgorithm.HmacSha256, keyVersion: 1);
    private readonly FeedFixture _feed = feed;

    public async ValueTask InitializeAsync()
    {
        _feed.Schema = SchemaWith(Invoices);
        await _feed.LoadAsync(Invoices, TestTables.InvoiceRows, chunkRows: 4);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("$orderby=status")]
    [InlineData("$orderby=id,status desc")]
    [InlineData("$filter=contains(status,'a')")]
    [InlineData("$filter=startswith(status,'a')")]
    [InlineData("$filter=tolower(status) eq 'a'")]
    [InlineData("$filter=concat(status,'x') eq 'a'")]
    [InlineData("$filter=length(status) gt 3")]
    [InlineData("$filter=indexof(status,'a') eq 1")]
    [InlineData("$filter=status gt 'a'")]
    [InlineData("$filter='a' le status")]
    [InlineData("$filter=not (id eq 1 or contains(status,'a'))")]
    [InlineData("$filter=cast(status,Edm.Int64) eq 1")]
    [InlineData("$orderby=case(id gt 1:status,true:'a')")]
    [InlineData("$filter=contains(case(id gt 1:'a',true:status),'b')")]
    public async Task What_needs_an_order_or_parts_of_a_token_is_refused_with_the_reason(string query)
    {
        using var response = await _feed.GetAsync($"invoices?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(FeedFixture.Stop)).RootElement.GetProperty("error");
        Assert.Equal("status", error.GetProperty("target").GetString());
        Assert.Contains("'status' is pseudonymized", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status eq 'approved'", 3)]
    [InlineData("status ne 'approved'", 3)]
    [InlineData("status in ('draft','new')", 2)]
    [InlineData("status eq null", 1)]
    [InlineData("status ne null", 5)]
    [InlineData("not (status eq 'approved')", 3)]
    public async Task Tokens_can_be_compared_for_equality(string filter, int rows) =>
        Assert.Equal(rows, (await _feed.JsonAsync($"invoices?$filter={filter}&$orderby=id")).GetProperty("value").GetArrayLength());

    [Fact]
    public async Task Metadata_says_which_columns_are_pseudonyms_and_what_they_join()
    {
        var metadata = await (await _feed.GetAsync("$metadata")).Content.ReadAsStringAsync(FeedFixture.Stop);

        Assert.Contains("<Term Name=\"PseudonymDomain\" Type=\"Edm.String\" AppliesTo=\"Property\"", metadata, StringComparison.Ordinal);
        Assert.Contains("<Annotation Term=\"Coupa.PseudonymDomain\" String=\"user.login\" />", metadata, StringComparison.Ordinal);
        Assert.Contains("Pseudonymized: a token", metadata, StringComparison.Ordinal);
        Assert.Contains("NonSortableProperties", metadata, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invoices")]
    [InlineData("invoices?$select=id,status&$filter=id lt 3")]
    [InlineData("invoices(1)")]
    [InlineData("invoices/$count?$filter=status eq 'approved'")]
    [InlineData("invoices?$format=csv")]
    [InlineData("invoices?$format=parquet")]
    [InlineData("invoices?$format=arrow")]
    public async Task What_was_stored_in_clear_is_not_read_once_a_rule_covers_it(string path)
    {
        await _feed.LoadAsync(TestTables.Invoices, TestTables.InvoiceRows, chunkRows: 4);

        using var response = await _feed.GetAsync(path);

        var text = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains("pseudonymization changed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("approved", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_that_no_rule_covers_can_be_read_meanwhile_only_by_who_sees_no_other()
    {
        await _feed.LoadAsync(TestTables.Invoices, TestTables.InvoiceRows, chunkRows: 4);
        _feed.Schema = SchemaWith(Invoices.Narrow(new HashSet<string>(["id", "total"])));

        Assert.Equal([1L, 2, 3, 4, 5, 6], await _feed.IdsAsync("invoices"));
    }

    [Fact]
    public async Task Tokens_of_another_algorithm_or_where_clear_text_is_announced_are_not_read()
    {
        foreach (var wanted in new[] { TestTables.Invoices, Marked(TestTables.Invoices, "status", PseudonymAlgorithm.Sha256, keyVersion: null) })
        {
            _feed.Schema = SchemaWith(wanted);
            using var response = await _feed.GetAsync("invoices?$top=1");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
    }

    [Fact]
    public async Task Tokens_of_the_key_before_are_read_until_the_table_is_loaded_with_the_new_one()
    {
        _feed.Schema = SchemaWith(Marked(TestTables.Invoices, "status", PseudonymAlgorithm.HmacSha256, keyVersion: 2));

        Assert.Equal([1L, 2, 3, 4, 5, 6], await _feed.IdsAsync("invoices?$filter=id le 6"));
    }

    /// <summary>Their order tells nothing of the ids behind them, but it is that of rows and pages.</summary>
    [Theory]
    [InlineData("invoices?$orderby=id desc", 6)]
    [InlineData("invoices?$filter=id gt 3", 3)]
    [InlineData("invoices?$filter=id in (1,2)", 2)]
    public async Task Ids_that_are_keys_are_ordered_and_compared_by(string query, int rows)
    {
        var permuted = Marked(TestTables.Invoices, "id", PseudonymAlgorithm.IdPermutation, keyVersion: 1);
        _feed.Schema = SchemaWith(permuted);
        await _feed.LoadAsync(permuted, TestTables.InvoiceRows, chunkRows: 4);

        Assert.Equal(rows, (await _feed.JsonAsync(query)).GetProperty("value").GetArrayLength());
        Assert.Contains("Pseudonymized: another number for each id", await (await _feed.GetAsync("$metadata")).Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$orderby=REF")]
    [InlineData("$filter=REF gt 3")]
    public async Task Ids_that_are_references_have_no_order(string query)
    {
        var reference = TestTables.Invoices.Columns.First(static column => column is { Type: ColumnType.Int64, IsKey: false, Kind: ColumnKind.Field }).Name;
        var permuted = Marked(TestTables.Invoices, reference, PseudonymAlgorithm.IdPermutation, keyVersion: 1);
        _feed.Schema = SchemaWith(permuted);
        await _feed.LoadAsync(permuted, TestTables.InvoiceRows, chunkRows: 4);

        using var response = await _feed.GetAsync($"invoices?{query.Replace("REF", reference, StringComparison.Ordinal)}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(FeedFixture.Stop)).RootElement.GetProperty("error");
        Assert.Contains($"'{reference}' is pseudonymized", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static SchemaRevision SchemaWith(TableSchema invoices) => new([invoices, TestTables.Lines, TestTables.Values, TestTables.Unloaded]);

    private static TableSchema Marked(TableSchema table, string name, PseudonymAlgorithm algorithm, int? keyVersion) => table with
    {
        Columns =
        [
            .. table.Columns.Select(column => column.Name != name ? column : column with
            {
                Pseudonym = new PseudonymMark { Algorithm = algorithm, Domain = "user.login", KeyVersion = keyVersion, Rule = "test" },
            }),
        ],
    };
}
