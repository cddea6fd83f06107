using System.Globalization;
using System.Net;
using System.Text.Json;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Tests.Feed;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OData;

namespace CoupaGateway.OData.Tests.Deltas;

/// <summary>Delta links: what changes in a result after it was read.</summary>
public sealed class DeltaTests : IAsyncLifetime
{
    private static readonly (string, string) Track = ("Prefer", "odata.track-changes");

    private static readonly DateTimeOffset Start = new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero).AddDays(-2);

    private readonly Dictionary<int, (string Status, DateTimeOffset ChangedAt)> _rows = [];
    private readonly List<(string Table, string Key, DateTimeOffset At)> _deletions = [];
    private FeedFixture _feed = null!;
    private DateTimeOffset _now = Start;

    public async ValueTask InitializeAsync()
    {
        _feed = await FeedFixture.StartAsync(static _ => { });
        for (var id = 1; id <= 10; id++)
            _rows[id] = ("new", Start);
        await CommitAsync();
    }

    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    [Theory]
    [InlineData("odata.track-changes")]
    [InlineData("track-changes")]
    public async Task The_last_page_has_a_link_to_what_changes_later(string prefer)
    {
        using var response = await _feed.GetAsync("invoices?$select=id,status&$filter=id gt 0&$orderby=status desc&$count=true", ("Prefer", $"{prefer}, odata.maxpagesize=6"));
        Assert.Equal([prefer, "odata.maxpagesize=6"], string.Join(',', response.Headers.GetValues("Preference-Applied")).Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal).Reverse());
        var first = JsonDocument.Parse(await response.Content.ReadAsStringAsync(FeedFixture.Stop)).RootElement;
        Assert.False(first.TryGetProperty("@odata.deltaLink", out _));
        var last = await _feed.JsonAsync(first.GetProperty("@odata.nextLink").GetString()!);
        var link = last.GetProperty("@odata.deltaLink").GetString()!;
        Assert.StartsWith($"{_feed.Root}/invoices?$select=id,status&$filter=id%20gt%200&$deltatoken=", link, StringComparison.Ordinal);
        Assert.Equal("@odata.deltaLink", last.EnumerateObject().Last().Name);

        var none = await _feed.JsonAsync(link);
        Assert.Equal($"{_feed.Root}/$metadata#invoices(id,status)/$delta", none.GetProperty("@odata.context").GetString());
        Assert.Empty(none.GetProperty("value").EnumerateArray());
        Assert.StartsWith($"{_feed.Root}/invoices?", none.GetProperty("@odata.deltaLink").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_different_and_removed_rows_are_told_once()
    {
        var link = await LinkAsync("invoices?$select=id,status");
        Change(2, "paid");
        Change(11, "new");
        Delete(3);
        await CommitAsync();

        var delta = await _feed.JsonAsync(link);
        Assert.Equal(
            [
                """{"id":2,"status":"paid"}""", """{"id":11,"status":"new"}""",
                $$"""{"@odata.context":"{{_feed.Root}}/$metadata#invoices/$deletedEntity","reason":"deleted","id":"{{_feed.Root}}/invoices(3)"}""",
            ],
            Items(delta));
        link = delta.GetProperty("@odata.deltaLink").GetString()!;
        Assert.All(Items(await _feed.JsonAsync(link)), static item => Assert.Contains("deletedEntity", item, StringComparison.Ordinal));

        Change(4, "paid");
        await CommitAsync();
        Assert.Contains("""{"id":4,"status":"paid"}""", Items(await _feed.JsonAsync(link)));
    }

    [Fact]
    public async Task Version_4_01_has_its_own_form()
    {
        var link = (await _feed.JsonAsync("invoices?$select=status", Track, ("OData-MaxVersion", "4.01"))).GetProperty("@deltaLink").GetString()!;
        Change(2, "paid");
        Delete(3);
        await CommitAsync();
        var delta = await _feed.JsonAsync(link, ("OData-MaxVersion", "4.01"));
        Assert.Equal($"{_feed.Root}/$metadata#invoices(id,status)/$delta", delta.GetProperty("@context").GetString());
        Assert.Equal(["""{"id":2,"status":"paid"}""", """{"@removed":{"reason":"deleted"},"id":3}"""], Items(delta));
        Assert.True(delta.TryGetProperty("@deltaLink", out _));
    }

    [Fact]
    public async Task The_filter_of_the_first_request_stays_in_force()
    {
        var link = await LinkAsync("invoices?$filter=status eq 'new'&$select=id");
        Change(2, "paid");
        Change(5, "new");
        Delete(7);
        await CommitAsync();
        var delta = await _feed.JsonAsync(link, ("OData-MaxVersion", "4.01"));
        Assert.Equal(["""{"id":5}""", """{"@removed":{"reason":"changed"},"id":2}""", """{"@removed":{"reason":"deleted"},"id":7}"""], Items(delta));
    }

    [Fact]
    public async Task A_row_that_went_and_came_again_is_no_removal()
    {
        var link = await LinkAsync("invoices?$select=id");
        Delete(3);
        await CommitAsync();
        Change(3, "again");
        await CommitAsync();
        Assert.Equal(["""{"id":3}"""], Items(await _feed.JsonAsync(link)));
    }

    [Fact]
    public async Task Deletions_of_other_tables_are_not_told()
    {
        var link = await LinkAsync("invoices?$select=id");
        _deletions.Add(("invoice_lines", """{"invoices_id":1,"id":10}""", Next()));
        await CommitAsync();
        Assert.Empty(Items(await _feed.JsonAsync(link)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Changes_come_in_pages_of_one_version(int size)
    {
        var link = await LinkAsync("invoices?$filter=status ne 'paid'&$select=id");
        foreach (var id in (int[])[1, 4, 6, 12])
            Change(id, "open");
        Change(2, "paid");
        Change(9, "paid");
        Delete(3);
        Delete(8);
        await CommitAsync();
        var items = new List<string>();
        var next = link;
        for (var pages = 0; ; pages++)
        {
            var page = await _feed.JsonAsync(next, ("OData-MaxVersion", "4.01"), ("Prefer", $"maxpagesize={size}"));
            Assert.True(page.GetProperty("value").GetArrayLength() <= size);
            items.AddRange(Items(page));
            if (pages == 0)
            {
                Change(10, "late");
                Delete(4);
                await CommitAsync();
            }

            if (!page.TryGetProperty("@nextLink", out var more))
            {
                link = page.GetProperty("@deltaLink").GetString()!;
                break;
            }

            next = more.GetString()!;
        }

        string[] expected =
        [
            """{"id":1}""", """{"id":4}""", """{"id":6}""", """{"id":12}""", """{"@removed":{"reason":"changed"},"id":2}""", """{"@removed":{"reason":"changed"},"id":9}""",
            """{"@removed":{"reason":"deleted"},"id":3}""", """{"@removed":{"reason":"deleted"},"id":8}""",
        ];
        Assert.Equal(expected, items);
        var later = Items(await _feed.JsonAsync(link, ("OData-MaxVersion", "4.01")));
        Assert.Contains("""{"id":10}""", later);
        Assert.Contains("""{"@removed":{"reason":"deleted"},"id":4}""", later);
    }

    [Fact]
    public async Task Only_chunks_that_changed_are_read()
    {
        var link = await LinkAsync("invoices?$select=id");
        var before = _feed.Catalog.FindCurrent(new("demo", "invoices"))!.Chunks.Select(static chunk => chunk.Hash).ToHashSet();
        Change(2, "paid");
        await CommitAsync();
        var changed = _feed.Catalog.FindCurrent(new("demo", "invoices"))!.Chunks.Select(static chunk => chunk.Hash).Where(hash => !before.Contains(hash)).ToList();
        Assert.Single(changed);
        _feed.Opened.Clear();
        Assert.Single(Items(await _feed.JsonAsync(link)));
        Assert.Equal(changed, _feed.Opened.Distinct());
    }

    [Fact]
    public async Task Nulls_of_changed_rows_are_written_whatever_the_client_prefers()
    {
        var link = await LinkAsync("invoices?$select=id,status,invoice_number");
        Change(2, "paid");
        await CommitAsync();
        Assert.Equal(["""{"id":2,"invoice_number":null,"status":"paid"}"""], Items(await _feed.JsonAsync(link, ("Prefer", "omit-values=nulls"))));
    }

    [Theory]
    [InlineData("invoices?$top=3")]
    [InlineData("invoices?$skip=3")]
    [InlineData("invoices?$expand=invoice_lines")]
    [InlineData("invoices?$filter=invoice_lines/any()")]
    [InlineData("invoices?$filter=created_at lt now()")]
    [InlineData("invoices?$apply=groupby((status))")]
    [InlineData("invoices(1)")]
    [InlineData("invoices(1)/invoice_lines")]
    [InlineData("invoices/$ref")]
    [InlineData("values")]
    [InlineData("deleted_records")]
    [InlineData("_meta")]
    public async Task What_cannot_be_tracked_is_answered_without_a_link(string path)
    {
        using var response = await _feed.GetAsync(path, Track);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Preference-Applied"));
        Assert.DoesNotContain("deltaLink", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_that_does_not_reach_back_is_gone()
    {
        await using var feed = await FeedFixture.StartAsync(static services => services.Configure<FeedOptions>(static options => options.DeltaHistory = TimeSpan.FromHours(1)));
        feed.Catalog.Now = DateTimeOffset.UtcNow.AddHours(-2);
        await feed.LoadAsync(TestTables.Invoices, TestTables.InvoiceRows, chunkRows: 4);
        await GoneAsync(feed, (await feed.JsonAsync("invoices", Track)).GetProperty("@odata.deltaLink").GetString()!);
    }

    /// <summary>As happens when the clock of a gateway that loads was ahead for a while.</summary>
    [Fact]
    public async Task Deletions_that_were_dropped_too_soon_are_history_that_is_gone()
    {
        var link = await LinkAsync("invoices?$select=id");
        Delete(3);
        await CommitAsync();
        var deletions = new TableId("demo", SystemTables.DeletedRecords.Name);

        _feed.Catalog.Drop(deletions, Start.AddMinutes(1));
        Assert.Single((await _feed.JsonAsync(link)).GetProperty("value").EnumerateArray());
        _feed.Catalog.Drop(deletions, Start.AddMinutes(1).AddMicroseconds(1));
        await GoneAsync(_feed, link);
    }

    [Fact]
    public async Task A_table_with_other_columns_has_no_history()
    {
        var link = await LinkAsync("invoices?$select=id");
        var older = TestTables.Invoices with { Columns = [.. TestTables.Invoices.Columns.Where(static column => column.Name != "paid")] };
        await _feed.LoadAsync(TestTables.Invoices, "SELECT 1, NULL, 'new', NULL, NULL, NULL, 1, 0, TIMESTAMP '2026-01-01'", chunkRows: 4, writtenAs: older);
        await GoneAsync(_feed, link);
    }

    [Theory]
    [InlineData("$deltatoken=", "&x=", "$deltatoken")]
    [InlineData("$select=id&", "$filter=id gt 1&", "$deltatoken")]
    [InlineData("$deltatoken=", "$deltatoken=x", "$deltatoken")]
    [InlineData("$deltatoken=", "$top=1&$deltatoken=", "$top")]
    [InlineData("$deltatoken=", "$skip=1&$deltatoken=", "$skip")]
    [InlineData("$deltatoken=", "$orderby=id desc&$deltatoken=", "$orderby")]
    [InlineData("$deltatoken=", "$count=true&$deltatoken=", "$count")]
    [InlineData("$deltatoken=", "$expand=invoice_lines&$deltatoken=", "$expand")]
    [InlineData("$deltatoken=", "$skiptoken=x&$deltatoken=", "$skiptoken")]
    [InlineData("/invoices?", "/values?", "$deltatoken")]
    public async Task A_token_goes_with_its_query(string old, string other, string named)
    {
        var link = await LinkAsync("invoices?$select=id");
        using var response = await _feed.GetAsync(link.Replace(old, other, StringComparison.Ordinal));
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        if (other == "&x=")
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return;
        }

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, body);
        Assert.Contains(named, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4.0", "minimal")]
    [InlineData("4.0", "full")]
    [InlineData("4.01", "minimal")]
    [InlineData("4.01", "full")]
    public async Task Changes_are_read_back_by_the_strict_reader(string version, string metadata)
    {
        var link = await LinkAsync("invoices?$filter=status ne 'paid'");
        Change(2, "paid");
        Change(5, "open");
        Delete(7);
        await CommitAsync();
        using var response = await _feed.GetAsync(link, ("OData-MaxVersion", version), ("Accept", $"application/json;odata.metadata={metadata}"));
        var model = await ODataMessages.ModelAsync(_feed);
        var set = model.EntityContainer.FindEntitySet("invoices");
        using var message = await ODataMessages.ReaderAsync(_feed, response, model);
        var reader = await message.CreateODataDeltaResourceSetReaderAsync(set, set.EntityType);
        var read = new List<string>();
        Uri? deltaLink = null;
        while (await reader.ReadAsync())
        {
            switch (reader.State, reader.Item)
            {
                case (ODataReaderState.ResourceEnd, ODataResource row):
                    read.Add(string.Create(CultureInfo.InvariantCulture, $"{row.Properties.OfType<ODataProperty>().Single(static property => property.Name == "id").Value}"));
                    break;
                case (ODataReaderState.DeletedResourceEnd, ODataDeletedResource gone):
                    read.Add($"{gone.Id?.Segments[^1] ?? $"invoices({gone.Properties.OfType<ODataProperty>().Single().Value})"} {gone.Reason}");
                    break;
                case (ODataReaderState.DeltaResourceSetEnd, ODataDeltaResourceSet changes):
                    deltaLink = changes.DeltaLink;
                    break;
            }
        }

        Assert.Equal(["5", "invoices(2) Changed", "invoices(7) Deleted"], read);
        Assert.NotNull(deltaLink);
    }

    private static async Task GoneAsync(FeedFixture feed, string link)
    {
        using var response = await feed.GetAsync(link);
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(response.StatusCode == HttpStatusCode.Gone, body);
        Assert.Contains("\"HistoryExpired\"", body, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Items(JsonElement page) => page.GetProperty("value").EnumerateArray().Select(static item => item.GetRawText());

    private async Task<string> LinkAsync(string path) => (await _feed.JsonAsync(path, Track)).GetProperty("@odata.deltaLink").GetString()!;

    private DateTimeOffset Next() => _now = _now.AddMinutes(1);

    private void Change(int id, string status) => _rows[id] = (status, Next());

    private void Delete(int id)
    {
        _rows.Remove(id);
        _deletions.Add(("invoices", $$"""{"id":{{id}}}""", Next()));
    }

    /// <summary>As loads do: the rows first, then what is gone. Deletions are numbered when they are committed.</summary>
    private async Task CommitAsync()
    {
        _feed.Catalog.Now = Next();
        var rows = _rows.OrderBy(static row => row.Key).Select(static row => string.Create(
            CultureInfo.InvariantCulture, $"({row.Key}, NULL, '{row.Value.Status}', NULL, NULL, TIMESTAMP '2026-01-01', NULL, 1, 0, TIMESTAMP '{row.Value.ChangedAt:yyyy-MM-dd HH:mm:ss}')"));
        await _feed.LoadAsync(TestTables.Invoices, $"VALUES {string.Join(", ", rows)}", chunkRows: 4);
        if (_deletions.Count == 0)
            return;

        var first = (Next().UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        _numbered.AddRange(_deletions.Skip(_numbered.Count).Select((deletion, i) => string.Create(
            CultureInfo.InvariantCulture, $"({first + i}, '{deletion.Table}', '{deletion.Key}', make_timestamp({first + i}))")));
        await _feed.LoadAsync(SystemTables.DeletedRecords, $"VALUES {string.Join(", ", _numbered)}", chunkRows: 2);
    }

    private readonly List<string> _numbered = [];
}
