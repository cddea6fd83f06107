namespace CoupaGateway.OData.Tests.Feed;

public sealed class FilterTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    // comparison and null
    [InlineData("id eq 3", "3")]
    [InlineData("NOT paid AND (id GT 2 Or id EQ 1) and id IN (2,5)", "5")]
    [InlineData("version DIVBY 2 gt 2.4 and id Mod 2 eq 1", "3")]
    [InlineData("invoice_number eq 'a EQ b' OR status EQ 'draft'", "2")]
    [InlineData("id ne 3", "1,2,4,5,6")]
    [InlineData("id gt 4 and id le 6", "5,6")]
    [InlineData("status eq 'approved'", "1,3,6")]
    [InlineData("status ne 'approved'", "2,4,5")]
    [InlineData("status eq null", "4")]
    [InlineData("status ne null", "1,2,3,5,6")]
    [InlineData("null eq null", "1,2,3,4,5,6")]
    [InlineData("version gt 0", "1,3,6")]
    [InlineData("not (version gt 0)", "2,4,5")]
    [InlineData("not (version le null)", "1,3,4,5,6")]
    [InlineData("version ge null", "2")]
    [InlineData("version gt null", "")]
    [InlineData("not contains(invoice_number,'INV')", "3,5,6")]
    [InlineData("contains(invoice_number,'INV') eq null", "4")]
    [InlineData("paid", "1,4,6")]
    [InlineData("not paid", "2,5")]
    [InlineData("paid eq null or version eq 0", "3,5")]
    [InlineData("paid eq false", "2,5")]
    [InlineData("(version gt 0) eq false", "2,4,5")]
    [InlineData("gross_total eq 0.1", "6")]
    [InlineData("gross_total eq -7.000000000001", "4")]
    [InlineData("gross_total gt 1e2", "1,2,5")]
    [InlineData("gross_total lt 100", "4,6")]
    [InlineData("created_at eq 2026-01-01T10:00:00Z", "1,6")]
    [InlineData("created_at ge 2026-01-01T11:00:00%2B01:00 and created_at lt 2026-01-03T00:00:00Z", "1,2,6")]
    [InlineData("created_at ge 2026-01-01T11:00:00+01:00 and created_at lt 2026-01-03T00:00:00Z", "1,2,6")]
    [InlineData("invoice_date eq 2026-01-01", "1,6")]
    [InlineData("_changed_at ge 2026-02-05T00:00:00Z", "5,6")]
    [InlineData("invoice_number eq 'O''Neil \"3\"'", "3")]
    [InlineData("null add 1 eq 5 or contains(null,'x') or 5 gt null or id eq 2", "2")]
    // in
    [InlineData("id in (1,3,99)", "1,3")]
    [InlineData("status in ('new','draft')", "2,5")]
    [InlineData("not (status in ('new','draft'))", "1,3,4,6")]
    [InlineData("status in ('new',null)", "4,5")]
    [InlineData("gross_total in (100.5,200.25)", "1,2")]
    // arithmetic
    [InlineData("id add 1 eq 3", "2")]
    [InlineData("id sub 1 eq 3", "4")]
    [InlineData("id mul 2 eq 6", "3")]
    [InlineData("id div 2 eq 1", "2,3")]
    [InlineData("id divby 2 eq 1.5", "3")]
    [InlineData("id mod 4 eq 1", "1,5")]
    [InlineData("version div 0 eq null", "1,2,3,4,5,6")]
    [InlineData("-version eq 3", "4")]
    [InlineData("gross_total mul 2 eq 201", "1")]
    [InlineData("gross_total mul gross_total eq 0.01", "6")]
    [InlineData("gross_total mul gross_total gt 9999999999999", "5")]
    [InlineData("gross_total div 2 eq 50.25", "1")]
    [InlineData("gross_total div 3 eq 33333333333.33", "5")]
    [InlineData("gross_total div -3 eq -33333333333.33 or gross_total div 0.1 eq -70.00000000001", "4,5")]
    [InlineData("99999999999999.5M div 7 eq 14285714285714.214285714286M and id eq 1", "1")]
    // literals that ODL takes for the nearest Edm.Single, which has seven digits
    [InlineData("gross_total add 1234567.5 eq 1234668", "1")]
    [InlineData("gross_total eq 100.50000000 and gross_total sub 1.5703125 eq 98.9296875", "1")]
    [InlineData("(gross_total add 1234567.5) in (1234668,1)", "1")]
    [InlineData("(gross_total sub 1.5703125) in (98.9296875,0)", "1")]
    [InlineData("gross_total add 1 gt 1234567.5 and gross_total lt 1234567.5", "")]
    [InlineData("gross_total sub -1234567.5 eq 1234668", "1")]
    [InlineData("version add 1234567.5 eq 1234570.5", "1")]
    [InlineData("case(gross_total sub 1.5703125 eq 98.9296875:1.5703125,true:0.5) eq 1.5703125", "1")]
    [InlineData("gross_total sub @a eq 98.9296875&@a=1.5703125", "1")]
    [InlineData("gross_total div 0.0 eq null", "1,2,3,4,5,6")]
    [InlineData("gross_total div 2 div 2 div 2 div 2 div 2 div 2 eq 1.5703125", "1")]
    [InlineData("gross_total mod 100 eq 0.5", "1")]
    [InlineData("gross_total add id eq 101.5", "1")]
    // text
    [InlineData("contains(invoice_number,'INV-')", "1,2")]
    [InlineData("startswith(tolower(invoice_number),'inv')", "1,2,6")]
    [InlineData("endswith(invoice_number,'6')", "6")]
    [InlineData("toupper(status) eq 'NEW'", "5")]
    [InlineData("length(invoice_number) eq 7", "5")]
    [InlineData("indexof(invoice_number,'-') eq 3", "1,2,6")]
    [InlineData("indexof(invoice_number,'zz') eq -1", "1,2,3,5,6")]
    [InlineData("substring(invoice_number,4) eq '2'", "2")]
    [InlineData("substring(invoice_number,0,3) eq 'INV'", "1,2")]
    [InlineData("trim(invoice_number) eq 'Übung'", "5")]
    [InlineData("concat(concat(status,'/'),invoice_number) eq 'new/ Übung '", "5")]
    [InlineData("matchesPattern(invoice_number,'^[A-Z]{3}-[12]$')", "1,2")]
    // dates
    [InlineData("year(created_at) eq 2025", "4")]
    [InlineData("month(invoice_date) eq 3 and day(invoice_date) eq 5", "5")]
    [InlineData("hour(created_at) eq 11 and minute(created_at) eq 30 and second(created_at) eq 15", "2")]
    [InlineData("fractionalseconds(created_at) eq 0.25", "2")]
    [InlineData("date(created_at) eq 2026-01-02", "2")]
    [InlineData("time(created_at) eq 10:00:00", "1,6")]
    [InlineData("created_at lt now() and created_at gt mindatetime() and created_at lt maxdatetime()", "1,2,4,5,6")]
    [InlineData("totaloffsetminutes(created_at) eq 0", "1,2,4,5,6")]
    [InlineData("created_at add duration'PT1H' gt 2026-01-02T12:00:00Z", "2,5")]
    [InlineData("created_at sub 2026-01-01T00:00:00Z eq duration'PT10H'", "1,6")]
    [InlineData("hour(2026-01-01T11:00:00%2B01:00) eq 11 and id eq 1", "1")]
    [InlineData("day(2026-01-01T00:30:00%2B01:00) eq 1 and date(2026-01-01T00:30:00%2B01:00) eq 2026-01-01 and id eq 1", "1")]
    [InlineData("totaloffsetminutes(2026-01-01T11:00:00-05:30) eq -330 and id eq 1", "1")]
    [InlineData("created_at eq 2026-01-01T04:30:00-05:30", "1,6")]
    [InlineData("totalseconds(created_at sub 2026-01-01T09:00:00Z) eq 3600", "1,6")]
    // case and isof
    [InlineData("case(status eq 'new':1,status eq 'draft':2,true:3) eq 2", "2")]
    [InlineData("case(version gt 4:'big',version gt 0:'small') eq null", "2,4,5")]
    [InlineData("case(id lt 3:gross_total,id lt 5:0) eq 0", "3,4")]
    [InlineData("case(created_at ge 2026-01-02T00:00:00Z:'late',true:'early') eq 'late'", "2,5")]
    [InlineData("case(time(created_at) eq 10:00:00:1,true:0) eq 1", "1,6")]
    [InlineData("case(id in (1,2):'x:(y',true:'case(') eq 'case('", "3,4,5,6")]
    [InlineData("case(paid:case(id gt 3:1,true:2),true:3) eq 2", "1")]
    [InlineData("case(invoice_lines/any(l:l/total gt 50):id,true:0) gt 0", "1,2")]
    [InlineData("case(true:created_at) lt case(true:2026-01-01)", "4")]
    [InlineData("case(paid:true,true:false)", "1,4,6")]
    [InlineData("isof(status,Edm.String)", "1,2,3,5,6")]
    [InlineData("isof(gross_total,Edm.Decimal) and isof(id,Edm.Int64)", "1,2,4,5,6")]
    [InlineData("isof(id,Edm.String) or isof('Coupa.invoice_lines')", "")]
    [InlineData("isof('Coupa.invoices') and id eq 1", "1")]
    [InlineData("isof(Coupa.invoices) and id eq 1", "1")]
    [InlineData("isof($it,Coupa.invoices) and id eq 1", "1")]
    // one row of any table
    [InlineData("status eq $root/invoices(2)/status", "2")]
    [InlineData("gross_total gt $root/invoice_lines(invoices_id=1,id=10)/total and $root/invoices(1)/paid", "1,2,5")]
    [InlineData("id eq $root/invoices(99)/id or status eq $root/invoices(99)/status and status ne null", "")]
    // three values
    [InlineData("paid and version gt 0", "1,6")]
    [InlineData("not (paid and null)", "2,5")]
    [InlineData("paid or null", "1,4,6")]
    [InlineData("(paid or null) eq null", "2,3,5")]
    [InlineData("not (contains(status,'x') or version gt 100)", "1,2,3,5,6")]
    [InlineData("null in (null,1)", "1,2,3,4,5,6")]
    [InlineData("null ne null", "")]
    [InlineData("matchesPattern(invoice_number,'(a%2B)%2B$(a|aa)*b{1,500}')", "")]
    // math and cast
    [InlineData("round(gross_total) eq 101", "1")]
    [InlineData("floor(gross_total) eq 200", "2")]
    [InlineData("ceiling(gross_total) eq 1", "6")]
    [InlineData("cast(gross_total,Edm.String) eq '200.25'", "2")]
    [InlineData("cast(id,Edm.String) eq '4'", "4")]
    [InlineData("cast(created_at,Edm.String) eq '2026-01-02T11:30:15.250000Z'", "2")]
    [InlineData("cast(status,Edm.Int64) eq null", "1,2,3,4,5,6")]
    [InlineData("Status eq 'x' or true", null)]
    public async Task Filter_gives_the_rows_that_the_standard_says(string filter, string? expected)
    {
        if (expected is null)
        {
            using var response = await feed.GetAsync($"invoices?$filter={filter}");
            Assert.Equal(400, (int)response.StatusCode);
            return;
        }

        var ids = await feed.IdsAsync($"invoices?$select=id&$filter={filter}");
        Assert.Equal(expected, string.Join(',', ids));
        Assert.Equal(ids.Count, (await feed.JsonAsync($"invoices?$top=0&$count=true&$filter={filter}")).GetProperty("@odata.count").GetInt32());
    }

    [Fact]
    public async Task A_long_chain_of_or_works()
    {
        var chain = string.Join(" or ", Enumerable.Range(1, 500).Select(static id => $"id eq {id}"));
        Assert.Equal(6, (await feed.IdsAsync($"invoices?$filter={chain}")).Count);
    }

    [Fact]
    public async Task A_long_list_of_values_works()
    {
        var list = string.Join(',', Enumerable.Range(1, 2_500));
        Assert.Equal(6, (await feed.IdsAsync($"invoices?$filter=id in ({list})")).Count);
    }
}
