using System.Text.Json;
using CoupaGateway.OData.Tests.Feed;
using Microsoft.OData;

namespace CoupaGateway.OData.Tests.Conformance;

/// <summary>
/// Every option, in every form that an answer can have, is read by the strict reader of Microsoft.OData.Core, and gives value for value what stands in the plainest form. The tables have every
/// type, each with nulls.
/// </summary>
public sealed class ReadBackTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    public static TheoryData<string> Queries
    {
        get
        {
            string[] sets = ["values", "invoices", "invoice_lines"];
            string[] options =
            [
                "", "$count=true&$top=3", "$top=0&$count=true", "$skip=2&$top=2", "$orderby=id desc&$top=7", "$filter=id gt 2 and id lt 9", "$filter=id lt 0", "$compute=id mul 2 as n,id div 3 as third,null as nothing&$top=4",
                "$compute=id add 0.5 as half&$select=half&$top=3", "$search=v1 OR approved OR bolts", "$apply=aggregate($count as n,id with sum as s,id with average as mean)", "$apply=filter(id gt 3)&$top=5", "$apply=compute(id add 1 as n)&$top=5",
                "$apply=concat(filter(id lt 3),aggregate($count as n))", "$apply=concat(top(2),aggregate(id with max as m))/filter(id ne 1)", "$apply=topcount(3,id)&$select=id",
            ];
            string[] own =
            [
                "values?$select=b,f,e", "values?$filter=a eq null or b eq null or c eq null&$top=20", "values?$apply=groupby((a,b,d,f),aggregate(c with sum as s,e with max as t,b with countdistinct as u))",
                "values?$apply=groupby((c,e),aggregate($count as n))", "values?$compute=date(e) as day,year(f) as y,a divby 2 as half,concat(b,'x') as text,d and true as flag&$top=30",
                "values?$compute=e sub 2026-01-01T00:00:01.25Z as since,f sub 2026-01-02 as days,time(e) as clock,duration'P1DT1.5S' as fixed&$orderby=since desc&$top=30", "values?$apply=compute(e sub 2025-12-31T23:59:59Z as age,time(e) as clock)/groupby((age,clock),aggregate($count as n))",
                "values?$apply=aggregate(e sub 2025-12-30T12:00:00Z with max as longest,time(e) with min as earliest)",
                "invoices?$select=gross_total,paid&$expand=invoice_lines", "invoices?$expand=invoice_lines($select=total;$orderby=total desc;$top=1;$count=true)", "invoices?$expand=invoice_lines($expand=invoices($select=status))&$select=id",
                "invoices?$expand=invoice_lines($compute=id add 1 as n;$select=n)", "invoices?$expand=invoice_lines/$count&$select=id", "invoices?$expand=invoice_lines($filter=id lt 0)&$select=id", "invoices?$expand=*&$top=2",
                "invoice_lines?$expand=invoices", "invoice_lines?$expand=invoices($filter=id eq 1)&$select=total", "invoice_lines?$apply=groupby((invoices/status,invoices/paid),aggregate(total with sum as s))",
                "invoice_lines?$apply=groupby((invoices/created_at),aggregate($count as n))", "invoices?$apply=aggregate(invoice_lines(total with sum as t,$count as n),gross_total with max as m)",
                "invoices?$apply=groupby((status),aggregate(invoice_lines(total with max as m)))", "invoices?$apply=filter(id lt 4)&$expand=invoice_lines($select=id)", "invoices?$apply=compute(id mul 2 as n)&$select=n,id&$expand=invoice_lines",
                "invoices(1)/invoice_lines", "invoices(1)/invoice_lines?$apply=aggregate(total with sum as s)", "_meta?$select=table_name,row_count,state", "deleted_records",
            ];
            return [.. sets.SelectMany(set => options.Select(option => option.Length == 0 ? set : $"{set}?{option}")), .. own];
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task An_answer_is_read_back_in_every_form(string query)
    {
        var expected = RowText.Of((await feed.JsonAsync(query, ("Accept", "application/json;odata.metadata=none"))).GetProperty("value"));
        var model = await ODataMessages.ModelAsync(feed);
        foreach (var (metadata, version, ieee, prefer) in Forms())
        {
            using var response = await feed.GetAsync(query, ("Accept", $"application/json;odata.metadata={metadata};IEEE754Compatible={ieee}"), ("OData-MaxVersion", version), ("Prefer", prefer));
            var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
            Assert.True(response.IsSuccessStatusCode, body);
            try
            {
                using var message = ODataMessages.Reader(feed, response, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body)), model);
                Assert.Equal(expected, await RowText.ReadAsync(await message.CreateODataResourceSetReaderAsync()));
            }
            catch (ODataException error)
            {
                Assert.Fail($"{metadata} {version} {ieee} {prefer}: {error.Message}\n{body}");
            }
        }
    }

    [Theory]
    [InlineData("invoices(1)")]
    [InlineData("invoices(3)?$select=gross_total,invoice_date")]
    [InlineData("invoices(3)?$expand=invoice_lines($top=2)")]
    [InlineData("invoices(2)?$compute=id mul 2 as n")]
    [InlineData("invoice_lines(invoices_id=3,id=13)/invoices")]
    public async Task An_entity_is_read_back_in_every_form(string path)
    {
        var expected = RowText.Of(JsonSerializer.SerializeToElement(new[] { await feed.JsonAsync(path, ("Accept", "application/json;odata.metadata=none")) }));
        var model = await ODataMessages.ModelAsync(feed);
        foreach (var (metadata, version, ieee, prefer) in Forms())
        {
            using var response = await feed.GetAsync(path, ("Accept", $"application/json;odata.metadata={metadata};IEEE754Compatible={ieee}"), ("OData-MaxVersion", version), ("Prefer", prefer));
            using var message = ODataMessages.Reader(feed, response, await response.Content.ReadAsStreamAsync(FeedFixture.Stop), model);
            Assert.Equal(expected, await RowText.ReadAsync(await message.CreateODataResourceReaderAsync()));
        }
    }

    private static IEnumerable<(string Metadata, string Version, string Ieee, string Prefer)> Forms() =>
        from metadata in (string[])["minimal", "full"]
        from version in (string[])["4.0", "4.01"]
        from ieee in (string[])["false", "true"]
        from prefer in (string[])["omit-values=nulls", "odata.include-annotations=\"*\""]
        select (metadata, version, ieee, prefer);
}
