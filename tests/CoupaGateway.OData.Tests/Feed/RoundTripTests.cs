using Microsoft.OData;
using Microsoft.OData.Edm.Csdl;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>What the feed writes is read by the strict reader of Microsoft.OData.Core, against the model that <c>$metadata</c> gives.</summary>
public sealed class RoundTripTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    public static TheoryData<string, string, bool, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, bool, string>();
            foreach (var path in (string[])["invoices", "invoices?$count=true&$top=2", "invoices?$select=id,gross_total,_changed_at", "invoice_lines?$orderby=total", "values?$filter=a eq null", "invoices?$compute=id mul 2 as n,date(created_at) as day", "invoices?$apply=groupby((status,invoice_date),aggregate(gross_total with sum as s,id with average as a))"])
            {
                foreach (var metadata in (string[])["minimal", "full"])
                {
                    foreach (var version in (string[])["4.0", "4.01"])
                    {
                        cases.Add(path, metadata, false, version);
                        cases.Add(path, metadata, true, version);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_collection_is_read_back(string path, string metadata, bool ieee754, string version)
    {
        var expected = (await feed.JsonAsync(path, ("Accept", "application/json;odata.metadata=none"))).GetProperty("value").EnumerateArray().ToList();
        using var response = await feed.GetAsync(path, ("Accept", $"application/json;odata.metadata={metadata};IEEE754Compatible={(ieee754 ? "true" : "false")}"), ("OData-MaxVersion", version));
        Assert.Equal(version, Assert.Single(response.Headers.GetValues("OData-Version")));
        using var message = await ReaderAsync(response);
        var reader = await message.CreateODataResourceSetReaderAsync();
        var rows = new List<ODataResource>();
        while (await reader.ReadAsync())
        {
            if (reader.State == ODataReaderState.ResourceEnd)
                rows.Add((ODataResource)reader.Item);
        }

        Assert.Equal(expected.Count, rows.Count);
        foreach (var (row, json) in rows.Zip(expected))
        {
            var properties = row.Properties.OfType<ODataProperty>().ToDictionary(static property => property.Name, static property => property.Value);
            Assert.Equal(json.EnumerateObject().Select(static property => property.Name), properties.Keys);
            foreach (var property in json.EnumerateObject())
            {
                switch (properties[property.Name])
                {
                    case ODataUntypedValue { RawValue: "null" }: // null has no type
                    case null: Assert.Equal(System.Text.Json.JsonValueKind.Null, property.Value.ValueKind); break;
                    case long number: Assert.Equal(property.Value.GetInt64(), number); break;
                    case decimal number: Assert.Equal(property.Value.GetDecimal(), number); break;
                    case bool flag: Assert.Equal(property.Value.GetBoolean(), flag); break;
                    case DateTimeOffset instant: Assert.Equal(property.Value.GetDateTimeOffset(), instant); break;
                    case double number: Assert.Equal(property.Value.GetDouble(), number); break;
                    case { } other: Assert.Equal(property.Value.GetString(), other.ToString()); break;
                }
            }
        }
    }

    [Theory]
    [InlineData("invoices?$expand=invoice_lines", "minimal", 6 + 7)]
    [InlineData("invoices?$expand=invoice_lines($select=id;$top=1;$count=true)&$select=id", "minimal", 6 + 4)]
    [InlineData("invoices?$expand=invoice_lines($expand=invoices)", "full", 6 + 7 + 7)]
    [InlineData("invoice_lines?$expand=invoices($select=status)", "full", 7 + 7)]
    [InlineData("invoice_lines?$expand=invoices($filter=id eq 1)&$select=total", "minimal", 7 + 2)]
    public async Task Expanded_rows_are_read_back(string path, string metadata, int expected)
    {
        foreach (var version in (string[])["4.0", "4.01"])
            Assert.Equal(expected, await CountAsync(path, metadata, version));
    }

    private async Task<int> CountAsync(string path, string metadata, string version)
    {
        using var response = await feed.GetAsync(path, ("Accept", $"application/json;odata.metadata={metadata}"), ("OData-MaxVersion", version));
        using var message = await ReaderAsync(response);
        var reader = await message.CreateODataResourceSetReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync())
        {
            if (reader is { State: ODataReaderState.ResourceEnd, Item: ODataResource })
                rows++;
        }

        return rows;
    }

    [Theory]
    [InlineData("minimal", "4.0")]
    [InlineData("full", "4.0")]
    [InlineData("minimal", "4.01")]
    [InlineData("full", "4.01")]
    public async Task An_entity_is_read_back(string metadata, string version)
    {
        using var response = await feed.GetAsync(
            "invoice_lines(invoices_id=3,id=13)", ("Accept", $"application/json;odata.metadata={metadata}"), ("OData-MaxVersion", version), ("Prefer", "odata.include-annotations=\"*\""));
        using var message = await ReaderAsync(response);
        var reader = await message.CreateODataResourceReaderAsync();
        while (await reader.ReadAsync())
        {
            if (reader is { State: ODataReaderState.ResourceEnd, Item: ODataResource row })
                Assert.Equal("Coupa.invoice_lines", row.TypeName);
        }
    }

    [Theory]
    [InlineData("4.0")]
    [InlineData("4.01")]
    public async Task The_service_document_is_read_back(string version)
    {
        using var response = await feed.GetAsync("", ("OData-MaxVersion", version));
        using var message = await ReaderAsync(response);
        Assert.Equal(4 + Schema.SystemTables.All.Length, (await message.ReadServiceDocumentAsync()).EntitySets.Count());
    }

    [Fact]
    public async Task An_error_is_read_back()
    {
        using var response = await feed.GetAsync("invoices?$filter=colour eq 1");
        using var message = await ReaderAsync(response);
        var error = await message.ReadErrorAsync();
        Assert.Equal(("InvalidOption", "$filter"), (error.Code, error.Target));
    }

    private async Task<ODataMessageReader> ReaderAsync(HttpResponseMessage response)
    {
        using var metadata = await feed.GetAsync("$metadata");
        using var xml = System.Xml.XmlReader.Create(await metadata.Content.ReadAsStreamAsync(FeedFixture.Stop));
        var model = CsdlReader.Parse(xml);
        var settings = new ODataMessageReaderSettings(response.Headers.GetValues("OData-Version").Single() == "4.01" ? ODataVersion.V401 : ODataVersion.V4)
        {
            BaseUri = new Uri(feed.Root + "/"),
            Validations = ValidationKinds.All & ~ValidationKinds.ThrowOnUndeclaredPropertyForNonOpenType,
            MaxProtocolVersion = ODataVersion.V401,
            ShouldIncludeAnnotation = static _ => true,
        };
        return new ODataMessageReader(new Message(response, await response.Content.ReadAsStreamAsync(FeedFixture.Stop)), settings, model);
    }

    private sealed class Message(HttpResponseMessage response, Stream body) : IODataResponseMessageAsync
    {
        public IEnumerable<KeyValuePair<string, string>> Headers =>
            response.Headers.Concat<KeyValuePair<string, IEnumerable<string>>>(response.Content.Headers).Select(static header => KeyValuePair.Create(header.Key, string.Join(',', header.Value)));

        public int StatusCode { get => (int)response.StatusCode; set => throw new NotSupportedException(); }

        public string GetHeader(string headerName) => Headers.FirstOrDefault(header => header.Key.Equals(headerName, StringComparison.OrdinalIgnoreCase)).Value;

        public void SetHeader(string headerName, string headerValue) => throw new NotSupportedException();

        public Stream GetStream() => body;

        public Task<Stream> GetStreamAsync() => Task.FromResult(body);
    }
}
