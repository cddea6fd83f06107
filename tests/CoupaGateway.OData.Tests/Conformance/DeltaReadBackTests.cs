using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CoupaGateway.OData.Tests.Feed;
using CoupaGateway.Schema;
using Microsoft.OData;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Tests.Conformance;

/// <summary>
/// Changes since a delta link, in every form that they can have, are read by the strict reader of Microsoft.OData.Core and are those that were made: rows that are new or different, rows that
/// the filter no longer takes, and rows that are gone. The tables have every type, each with nulls; one has a key of two parts.
/// </summary>
public sealed partial class DeltaReadBackTests : IAsyncLifetime
{
    private static readonly ColumnSchema ChangedAt = TestTables.Invoices.Columns.Single(static column => column.Kind == ColumnKind.ChangedAt);

    private static readonly TableSchema Things = TestTables.Values with { Name = "things", Columns = [.. TestTables.Values.Columns, ChangedAt] };

    private static readonly TableSchema Pieces = TestTables.Entries with
    {
        Name = "pieces",
        Parent = "things",
        Ancestors = ["things"],
        Columns = [TestTables.Entries.Columns[0] with { Name = "things_id" }, .. TestTables.Entries.Columns.Skip(1), ChangedAt],
    };

    private static readonly DateTimeOffset Start = new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero).AddDays(-2);

    private readonly Dictionary<string, string> _links = [];
    private FeedFixture _feed = null!;
    private IEdmModel _model = null!;

    /// <summary>
    /// Set, filter, columns beside the key, what else is asked for. No filter is on a key: a row whose key it does not take was never in the result, and need not be told to have left.
    /// </summary>
    public static TheoryData<string, string, string, string> Queries => new()
    {
        { "things", "", "", "" },
        { "things", "", "id,c,e", "" },
        { "things", "", "b", "" },
        { "things", "a gt 1", "", "" },
        { "things", "d eq true", "f,c", "" },
        { "things", "b eq null or c gt 1", "a,d,e,f", "" },
        { "things", "a lt 0", "", "" },
        { "things", "", "n,half,text", "$compute=id mul 2 as n,a add 0.5 as half,concat(b,'x') as text" },
        { "things", "", "", "$search=v1 OR v2" },
        { "pieces", "", "", "" },
        { "pieces", "", "c", "" },
        { "pieces", "c ne null and d", "id,b,e", "" },
        { "pieces", "f ge 2026-01-20", "f", "" },
    };

    public async ValueTask InitializeAsync()
    {
        _feed = await FeedFixture.StartAsync(static _ => { });
        _feed.Schema = new SchemaRevision([.. TestTables.Schema.Tables, Things, Pieces]);
        await CommitAsync(Start, isLater: false);
        foreach (var query in Queries.Select(static row => Query(row.Data.Item1, row.Data.Item2, row.Data.Item3, row.Data.Item4)))
        {
            for (var next = query; next is not null;)
            {
                var page = await _feed.JsonAsync(next, ("Prefer", "odata.track-changes"));
                next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
                if (next is null)
                    _links[query] = page.GetProperty("@odata.deltaLink").GetString()!;
            }
        }

        await CommitAsync(Start.AddHours(1), isLater: true);
        _model = await ODataMessages.ModelAsync(_feed);
    }

    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Changes_are_read_back_in_every_form(string set, string filter, string select, string rest)
    {
        var expected = await ExpectAsync(set, filter, select, rest);
        Assert.Equal(filter.Length > 0 || rest.StartsWith("$search", StringComparison.Ordinal), expected.Exists(static item => item.StartsWith("changed ", StringComparison.Ordinal)));
        Assert.Contains(expected, static item => item.StartsWith("deleted ", StringComparison.Ordinal));
        foreach (var (metadata, version, ieee, prefer) in Forms())
        {
            var read = new List<string>();
            for (var next = _links[Query(set, filter, select, rest)]; next is not null;)
            {
                using var response = await _feed.GetAsync(next, ("Accept", $"application/json;odata.metadata={metadata};IEEE754Compatible={ieee}"), ("OData-MaxVersion", version), ("Prefer", prefer));
                var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
                Assert.True(response.IsSuccessStatusCode, body);
                Assert.Equal(version, response.Headers.GetValues("OData-Version").Single());
                try
                {
                    next = metadata == "none" ? ReadPlain(set, body, read) : await ReadAsync(set, response, body, read);
                }
                catch (ODataException error)
                {
                    Assert.Fail($"{metadata} {version} {ieee} {prefer}: {error.Message}\n{body}");
                }
            }

            Assert.Equal(expected, read.Order(StringComparer.Ordinal));
        }
    }

    private static IEnumerable<(string Metadata, string Version, string Ieee, string Prefer)> Forms() =>
        from metadata in (string[])["none", "minimal", "full"]
        from version in (string[])["4.0", "4.01"]
        from ieee in (string[])["false", "true"]
        from prefer in (string[])["omit-values=nulls", "odata.include-annotations=\"*\"", "odata.maxpagesize=4"]
        select (metadata, version, ieee, prefer);

    private static TableSchema Table(string set) => set == Things.Name ? Things : Pieces;

    private static string Query(string set, string filter, string select, string rest)
    {
        string[] options = [filter.Length > 0 ? $"$filter={filter}" : "", select.Length > 0 ? $"$select={select}" : "", rest];
        return string.Join('?', ((string[])[set, string.Join('&', options.Where(static option => option.Length > 0))]).Where(static part => part.Length > 0));
    }

    /// <summary>What has to come: rows as the feed gives them when they are asked for plainly, the key of each that left, and of each that is gone.</summary>
    private async Task<List<string>> ExpectAsync(string set, string filter, string select, string rest)
    {
        var keys = string.Join(',', Table(set).Key.Select(static key => key.Name));
        var since = $"_changed_at gt {Start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
        var columns = select.Length == 0 ? "" : string.Join(',', keys.Split(',').Union(select.Split(',')));
        var changed = await RowsAsync(Query(set, filter.Length > 0 ? $"({filter}) and {since}" : since, columns, rest));
        var all = await RowsAsync(Query(set, since, keys, ""));
        var taken = changed.Select(row => Key(set, row)).ToHashSet();
        return
        [
            .. changed.Select(RowText.OfRow)
                .Concat(all.Select(row => Key(set, row)).Where(key => !taken.Contains(key)).Select(static key => $"changed {key}"))
                .Concat((set == Things.Name ? (string[])["3", "4"] : ["1,5", "1,6"]).Select(static key => $"deleted {key}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    private async Task<JsonElement[]> RowsAsync(string query) => [.. (await _feed.JsonAsync(query, ("Accept", "application/json;odata.metadata=none"))).GetProperty("value").EnumerateArray()];

    private static string Key(string set, JsonElement row) => string.Join(',', Table(set).Key.Select(key => row.GetProperty(key.Name).ToString()));

    /// <summary>Numbers of a key, from the address of a row.</summary>
    private static string Key(string address) => string.Join(',', Numbers().Matches(address[address.LastIndexOf('/')..]).Select(static number => number.Value));

    /// <summary>Reads a page without metadata as the plain JSON that it is.</summary>
    private static string? ReadPlain(string set, string body, List<string> read)
    {
        var page = JsonDocument.Parse(body).RootElement;
        foreach (var item in page.GetProperty("value").EnumerateArray())
        {
            read.Add(item.TryGetProperty("@removed", out var removed) ? $"{removed.GetProperty("reason").GetString()} {Key(set, item)}"
                : item.TryGetProperty("reason", out var reason) ? $"{reason.GetString()} {Key(item.GetProperty("id").GetString()!)}"
                : RowText.OfRow(item));
        }

        return Link(page, "nextLink") ?? (Link(page, "deltaLink") is null ? throw new ODataException("Neither a next nor a delta link.") : null);
    }

    private static string? Link(JsonElement page, string name) => page.TryGetProperty($"@odata.{name}", out var link) || page.TryGetProperty($"@{name}", out link) ? link.GetString() : null;

    private async Task<string?> ReadAsync(string set, HttpResponseMessage response, string body, List<string> read)
    {
        var entities = _model.EntityContainer.FindEntitySet(set);
        using var message = ODataMessages.Reader(_feed, response, new MemoryStream(Encoding.UTF8.GetBytes(body)), _model);
        var reader = await message.CreateODataDeltaResourceSetReaderAsync(entities, entities.EntityType);
        (Uri? Next, Uri? Delta) links = default;
        while (await reader.ReadAsync())
        {
            switch (reader.State, reader.Item)
            {
                case (ODataReaderState.ResourceEnd, ODataResource row):
                    read.Add(RowText.OfRow(row));
                    break;
                case (ODataReaderState.DeletedResourceEnd, ODataDeletedResource gone):
                    read.Add($"{gone.Reason.ToString()!.ToLowerInvariant()} {(gone.Properties.OfType<ODataProperty>().ToDictionary(static property => property.Name) is { Count: > 0 } properties
                        ? string.Join(',', Table(set).Key.Select(key => string.Create(CultureInfo.InvariantCulture, $"{properties[key.Name].Value}")))
                        : Key(gone.Id.AbsoluteUri))}");
                    break;
                case (ODataReaderState.DeltaResourceSetEnd, ODataDeltaResourceSet changes):
                    links = (changes.NextPageLink, changes.DeltaLink);
                    break;
            }
        }

        Assert.True(links is ({ }, null) or (null, { }), body);
        return links.Next?.AbsoluteUri;
    }

    /// <summary>The second version: some rows are different, two are new, two are gone, and one of those that were gone has come again.</summary>
    private async Task CommitAsync(DateTimeOffset at, bool isLater)
    {
        _feed.Catalog.Now = at;
        const string Values = "CASE WHEN i % 3 = 0 THEN NULL ELSE i % 5 + {0} END, CASE WHEN i % 4 = 0 THEN NULL ELSE 'v' || (i % 7 + {0}) END, CASE WHEN i % 6 = 0 THEN NULL ELSE (i % 9 + {0}) / 4 - 12345678901234.000000000001 END, "
            + "CASE WHEN i % 5 = 0 THEN NULL ELSE (i + {0}) % 2 = 0 END, CASE WHEN i % 7 = 0 THEN NULL ELSE TIMESTAMP '2026-01-01 10:30:00.123456' + to_seconds(i + {0}) END, CASE WHEN i % 8 = 0 THEN NULL ELSE DATE '2026-01-01' + (i + {0})::INTEGER END";
        var old = string.Format(CultureInfo.InvariantCulture, Values, 0);
        var changed = string.Format(CultureInfo.InvariantCulture, Values, 1);
        var (before, after) = ($"TIMESTAMP '{Start:yyyy-MM-dd HH:mm:ss}'", $"TIMESTAMP '{at.AddMinutes(-1):yyyy-MM-dd HH:mm:ss}'");
        await _feed.LoadAsync(
            Things,
            isLater
                ? $"SELECT i, {old}, {before} FROM range(1, 61) r(i) WHERE i % 4 <> 1 AND i NOT IN (3, 4) UNION ALL SELECT i, {changed}, {after} FROM range(1, 63) r(i) WHERE i % 4 = 1 OR i > 60"
                : $"SELECT i, {old}, {before} FROM range(1, 61) r(i)",
            chunkRows: 8);
        await _feed.LoadAsync(
            Pieces,
            isLater
                ? $"SELECT i // 4, i, {old}, {before} FROM range(4, 44) r(i) WHERE i % 4 <> 0 AND i NOT IN (5, 6) UNION ALL SELECT i // 4, i, {changed}, {after} FROM range(4, 46) r(i) WHERE i % 4 = 0 OR i > 43"
                : $"SELECT i // 4, i, {old}, {before} FROM range(4, 44) r(i)",
            chunkRows: 8);
        if (!isLater)
            return;

        var first = (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        string[] gone = ["things|{\"id\":3}", "things|{\"id\":4}", "things|{\"id\":5}", "pieces|{\"things_id\":1,\"id\":5}", "pieces|{\"things_id\":1,\"id\":6}", "other|{\"id\":9}"];
        var rows = gone.Select((row, i) => string.Create(CultureInfo.InvariantCulture, $"({first + i}, '{row.Split('|')[0]}', '{row.Split('|')[1]}', make_timestamp({first + i}))"));
        await _feed.LoadAsync(SystemTables.DeletedRecords, $"VALUES {string.Join(", ", rows)}", chunkRows: 2);
    }

    [GeneratedRegex("(?<==|\\()-?[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
