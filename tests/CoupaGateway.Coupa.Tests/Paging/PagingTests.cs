using System.Text.Json;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Coupa.Tests.Fakes;
using CsCheck;

namespace CoupaGateway.Coupa.Tests.Paging;

public sealed class PagingTests
{
    [Fact]
    public async Task Keyset_over_ids_with_gaps_loses_and_doubles_nothing()
    {
        await using var gateway = await Gateway.StartAsync(static options => options.PageSize = 7);

        await Gen.Select(Gen.Long[-5, 400].HashSet[0, 90], Gen.Long[-10, 410], Gen.Long[-10, 410]).SampleAsync(
            async (ids, after, upTo) =>
            {
                gateway.Coupa.Api = new RecordStore(ids).Answer;
                var whole = await ReadIdsAsync(gateway.Client.ReadAsync(new PageRequest { Resource = "invoices" }));
                var part = await ReadIdsAsync(gateway.Client.ReadAsync(new PageRequest { Resource = "invoices", After = new PageCursor(after), UpToId = upTo }));

                Assert.Equal(ids.Order(), whole);
                Assert.Equal(ids.Where(id => id > after && id <= upTo).Order(), part);
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task With_repeated_ids_each_record_is_read_once_wherever_pages_end_and_reading_goes_on()
    {
        await using var gateway = await Gateway.StartAsync(static options => options.PageSize = 5);

        await Gen.Select(Gen.Long[1, 12].Array[0, 70], Gen.Int[0, 8]).SampleAsync(
            async (ids, stopAfter) =>
            {
                var store = new RecordStore(ids);
                gateway.Coupa.Api = store.Answer;
                var request = new PageRequest { Resource = "purchase_order_revisions", IdsMayRepeat = true };
                var serials = new List<int>();
                PageCursor? reached = null;
                await foreach (var page in gateway.Client.ReadAsync(request))
                {
                    using (page)
                    {
                        serials.AddRange(Serials(page));
                        reached = page.Next;
                    }

                    if (--stopAfter <= 0)
                        break;
                }

                // The rest by another reader, from the checkpoint.
                await foreach (var page in gateway.Client.ReadAsync(request with { After = reached }))
                {
                    using (page)
                        serials.AddRange(Serials(page));
                }

                Assert.Equal(Enumerable.Range(0, store.Count), serials);
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task Requests_have_the_documented_form()
    {
        await using var gateway = await Gateway.StartAsync(static options => options.PageSize = 2);
        gateway.Coupa.Api = new RecordStore([3, 5, 9]).Answer;
        var request = new PageRequest
        {
            Resource = "invoices",
            UpToId = 9,
            Filters = [new("updated_at[gt_or_eq]", "2026-04-01T00:00:00+02:00"), new("status", "a&b=c")],
            Fields = """["id",{"supplier":["id","name"]}]""",
        };

        await ReadIdsAsync(gateway.Client.ReadAsync(request));

        const string Filters = "GET /api/invoices?updated_at[gt_or_eq]=2026-04-01T00:00:00+02:00&status=a&b=c";
        const string Rest = "id[lt_or_eq]=9&order_by=id&dir=asc&limit=2&fields=[\"id\",{\"supplier\":[\"id\",\"name\"]}]";
        Assert.Equal([$"{Filters}&{Rest}", $"{Filters}&id[gt]=5&{Rest}"], gateway.Coupa.Requests);
    }

    [Fact]
    public async Task A_projection_too_long_for_the_url_is_dropped_and_said_so_once()
    {
        await using var gateway = await Gateway.StartAsync(static options => options.PageSize = 2);
        gateway.Coupa.Api = new RecordStore([3, 5, 9]).Answer;
        var fields = JsonSerializer.Serialize(Enumerable.Range(0, 600).Select(static i => $"custom_field_{i}"));

        await foreach (var page in gateway.Client.ReadAsync(new PageRequest { Resource = "invoices", Fields = fields }))
        {
            using (page)
                Assert.True(page.ProjectionDropped);
        }

        Assert.Equal(3, gateway.Coupa.ApiRequests);
        Assert.All(gateway.Coupa.Requests, static request => Assert.DoesNotContain("fields", request, StringComparison.Ordinal));
        Assert.Single(gateway.Logs.Lines, static line => line.StartsWith("1020 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""[{"id":1},{"id":2}]""", "ignores the filter")]
    [InlineData("""[{"id":9},{"id":8}]""", "no order")]
    [InlineData("""[{"id":8},{"id":300}]""", "ignores the upper bound")]
    [InlineData("""[{"id":8},{"id":9},{"id":10}]""", "ignores the limit")]
    [InlineData("""[{"x":8},{"id":null}]""", "no ids")]
    public async Task A_page_that_is_no_step_forward_is_an_error_and_no_endless_loop(string second, string why)
    {
        await using var gateway = await Gateway.StartAsync(static options => options.PageSize = 2);
        gateway.Coupa.Script(static context => FakeCoupa.Json(context, """[{"id":1},{"id":7}]"""), context => FakeCoupa.Json(context, second));

        var exception = await Assert.ThrowsAsync<CoupaException>(() => ReadIdsAsync(gateway.Client.ReadAsync(new PageRequest { Resource = "invoices", UpToId = 100 })));

        Assert.True(exception.Failure == CoupaFailure.PagingBroken, why);
        Assert.Equal(2, gateway.Coupa.ApiRequests);
    }

    [Theory]
    [InlineData("""[{"id":7},{"id":7}]""")]
    [InlineData("""[{"x":7},{"x":7}]""")]
    [InlineData("""[{"id":7},{"x":7}]""")]
    public async Task An_instance_that_ignores_the_offset_is_noticed(string page)
    {
        await using var gateway = await Gateway.StartAsync(static options => (options.PageSize, options.MaxConcurrency) = (2, 1));
        gateway.Coupa.Api = context => FakeCoupa.Json(context, page);
        var request = new PageRequest { Resource = "invoices", IdsMayRepeat = true, After = new PageCursor(7, 99_995) };
        if (page.StartsWith("[{\"x", StringComparison.Ordinal))
            request = request with { After = null };

        var exception = await Assert.ThrowsAsync<CoupaException>(() => ReadIdsAsync(gateway.Client.ReadAsync(request)));

        Assert.Equal(CoupaFailure.PagingBroken, exception.Failure);
        Assert.InRange(gateway.Coupa.ApiRequests, 1, 4);
    }

    [Fact]
    public async Task Ids_as_text_are_understood_and_records_without_one_are_delivered_and_counted()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Api = static context => FakeCoupa.Json(
            context, """[{"id":"3","x":{"id":99}},{"name":"none"},{"id":null},{"id":4.5},{"id":[1]},{"id":"7a"},{"id":99999999999999999999},{"\u0069d":8,"deep":[[{}]]}]""");

        await foreach (var page in gateway.Client.ReadAsync(new PageRequest { Resource = "invoices", UpToId = 8 }))
        {
            using (page)
                Assert.Equal((8, 3, 8, 6, new PageCursor(8)), (page.Count, page.FirstId, page.LastId, page.RecordsWithoutId, page.Next));
        }
    }

    [Fact]
    public async Task Repeated_ids_where_none_are_expected_are_delivered_and_reported_once()
    {
        await using var gateway = await Gateway.StartAsync(static options => options.PageSize = 4);
        gateway.Coupa.Api = new RecordStore([1, 1, 2, 3, 4, 4, 5, 6]).Answer;

        Assert.Equal(8, await gateway.CountAsync());
        Assert.Single(gateway.Logs.Lines, static line => line.StartsWith("1021 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_range_that_is_read_to_its_last_id_needs_no_further_request()
    {
        await using var gateway = await Gateway.StartAsync(static options => options.PageSize = 2);
        gateway.Coupa.Api = new RecordStore([1, 2, 3, 4]).Answer;

        await ReadIdsAsync(gateway.Client.ReadAsync(new PageRequest { Resource = "invoices" }.Within(new IdRange(1, 4))));

        Assert.Equal(2, gateway.Coupa.ApiRequests);
    }

    [Fact]
    public async Task A_failed_read_goes_on_after_the_last_page()
    {
        await using var gateway = await Gateway.StartAsync(static options => (options.PageSize, options.MaxRetries) = (2, 0));
        var store = new RecordStore(Enumerable.Range(1, 9).Select(static id => (long)id));
        gateway.Coupa.Api = context => gateway.Coupa.ApiRequests == 3 ? FakeCoupa.Status(context, 500) : store.Answer(context);
        var ids = new List<long>();
        PageCursor? reached = null;

        for (var tries = 0; tries < 2; tries++)
        {
            try
            {
                await foreach (var page in gateway.Client.ReadAsync(new PageRequest { Resource = "invoices", After = reached }))
                {
                    using (page)
                    {
                        ids.AddRange(Ids(page));
                        reached = page.Next;
                    }
                }
            }
            catch (CoupaException exception) when (exception.IsTransient && tries == 0)
            {
                Assert.Equal(new PageCursor(4), reached);
            }
        }

        Assert.Equal(Enumerable.Range(1, 9).Select(static id => (long)id), ids);
    }

    [Fact]
    public async Task The_range_of_ids_is_probed_by_two_requests_for_one_id()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Api = new RecordStore([17, 900, 40]).Answer;

        Assert.Equal(new IdRange(17, 900), await gateway.Client.ProbeRangeAsync(new PageRequest { Resource = "invoices", Filters = [new("status", "new")] }));

        Assert.Equal(
            ["GET /api/invoices?status=new&order_by=id&dir=asc&limit=1&fields=[\"id\"]", "GET /api/invoices?status=new&order_by=id&dir=desc&limit=1&fields=[\"id\"]"],
            gateway.Coupa.Requests.Order());
    }

    [Fact]
    public async Task A_probe_tells_when_it_is_made_again()
    {
        await using var gateway = await Gateway.StartAsync();
        var store = new RecordStore([17, 900]);
        var faults = 3;
        gateway.Coupa.Api = context => Interlocked.Decrement(ref faults) >= 0 ? FakeCoupa.Status(context, 503) : store.Answer(context);
        var again = 0;

        var range = await gateway.Client.ProbeRangeAsync(new PageRequest { Resource = "invoices", Retrying = () => Interlocked.Increment(ref again) });

        Assert.Equal((new IdRange(17, 900), 3), (range!.Value, again));
    }

    [Fact]
    public async Task A_probe_of_nothing_is_null_and_of_an_unsorted_resource_an_error()
    {
        await using var gateway = await Gateway.StartAsync();

        Assert.Null(await gateway.Client.ProbeRangeAsync(new PageRequest { Resource = "invoices" }));

        gateway.Coupa.Api = static context => FakeCoupa.Json(context, context.Request.Query["dir"] == "asc" ? """[{"id":5}]""" : """[{"id":2}]""");
        Assert.Equal(CoupaFailure.PagingBroken, (await Assert.ThrowsAsync<CoupaException>(() => gateway.Client.ProbeRangeAsync(new PageRequest { Resource = "invoices" }))).Failure);
    }

    [Fact]
    public async Task One_record_is_read_by_its_id()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Api = static context => FakeCoupa.Json(context, """{"id":12,"name":"one"}""");

        using var record = await gateway.Client.ReadRecordAsync("invoices", 12, """["id"]""");

        Assert.Equal("one", record.RootElement.GetProperty("name").GetString());
        Assert.Equal("GET /api/invoices/12?fields=[\"id\"]", Assert.Single(gateway.Coupa.Requests));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_instance_that_gives_fewer_records_than_asked_for_loses_none(bool idsMayRepeat)
    {
        await using var gateway = await Gateway.StartAsync();
        long[] ids = [.. Enumerable.Range(1, 130).Select(id => idsMayRepeat ? id / 3L : id * 7L)];
        gateway.Coupa.Api = new RecordStore(ids) { Cap = 20 }.Answer;

        Assert.Equal(ids, await ReadIdsAsync(gateway.Client.ReadAsync(new PageRequest { Resource = "invoices", IdsMayRepeat = idsMayRepeat, UpToId = ids[^1] })));
    }

    private static async Task<List<long>> ReadIdsAsync(IAsyncEnumerable<CoupaPage> pages)
    {
        var ids = new List<long>();
        await foreach (var page in pages)
        {
            using (page)
                ids.AddRange(Ids(page));
        }

        return ids;
    }

    private static List<long> Ids(CoupaPage page)
    {
        using var document = JsonDocument.Parse(page.Json);
        return [.. document.RootElement.EnumerateArray().Where(static record => record.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number)
            .Select(static record => record.GetProperty("id").GetInt64())];
    }

    private static List<int> Serials(CoupaPage page)
    {
        using var document = JsonDocument.Parse(page.Json);
        return [.. document.RootElement.EnumerateArray().Select(static record => record.GetProperty("serial").GetInt32())];
    }
}
