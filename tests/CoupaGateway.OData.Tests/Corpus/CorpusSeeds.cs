namespace CoupaGateway.OData.Tests.Corpus;

/// <summary>What the corpus is made from: requests that are right, and pieces that make them wrong.</summary>
internal static class CorpusSeeds
{
    /// <summary>Every option and every kind of path, over the tables of <see cref="Feed.TestTables"/>.</summary>
    public static string[] Paths { get; } =
    [
        "", "$metadata", "$metadata?$format=json", "invoices", "invoices(1)", "invoices(id=1)", "invoices/$count", "invoices(1)/status", "invoices(1)/status/$value", "_meta", "deleted_records?$top=1",
        "invoices?$filter=contains(invoice_number,'INV') and gross_total gt 1.5 or not (created_at le 2026-01-01T00:00:00Z)&$orderby=status desc,id&$top=3&$skip=1",
        "invoices?$select=id,status&$filter=id in (1,2,3) and year(created_at) eq 2026&$count=true",
        "invoice_lines(invoices_id=1,id=10)?$select=*", "invoices(1)/invoice_lines(10)/invoices/status/$value", "invoices(@k)/invoice_lines/$count?@k=1&$filter=id gt 10",
        "invoices?$search=bolts AND NOT (\"a b\" OR 12-3)&$count=true", "invoices(1)/invoice_lines/$ref?$orderby=id", "invoices/$count?$filter=version mod 2 eq 1",
        "invoices?$filter=case(id gt 1:case(paid:1,true:2),true:hour(2026-01-01T11:00:00-01:00)) in (1,2) or isof(status,Edm.String)",
        "values?$filter=substring(b,1,2) eq 'x' and round(c) eq a and date(e) eq f and -a lt 3&$orderby=a mul c",
        "invoices?$filter=invoice_lines/any(l:l/total gt 5 and l/invoices/status eq @s) or invoice_lines/$count($filter=id gt 1) eq 2&@s='new'&$orderby=invoice_lines/$count desc",
        "invoices?$apply=filter(id gt 1)/groupby((status,paid),filter(id lt 9)/aggregate($count as n,gross_total with sum as s))/concat(topcount(2,n),aggregate(s with max as m))&$count=true",
        "values?$apply=compute(a add 1 as x)/groupby((x,b))/orderby(x desc)/skip(1)&$filter=x gt 2&$compute=x mul 2 as y&$orderby=y&$select=x,y",
        "invoice_lines?$apply=groupby((invoices/status),aggregate(total with sum as s))&$orderby=s desc",
        "invoices?$apply=aggregate(invoice_lines(total with sum as s),invoice_lines/$count as n)", "invoices?$apply=concat(top(1),bottomcount(2,id))/filter(id gt 1)/aggregate($count as n)",
        "invoices?$apply=filter(id gt 1)&$expand=invoice_lines&$search=approved", "invoices?$expand=invoice_lines($apply=aggregate(total with sum as s))",
        "values?$apply=groupby((b),aggregate(a with average as v,c with min as k,b with countdistinct as u))&$format=csv",
        "invoices?$select=id&$expand=invoice_lines($select=id;$filter=total gt 1;$orderby=total desc;$top=2;$skip=1;$count=true;$expand=invoices($select=status))&$top=3",
        "invoices?$expand=invoice_lines/$count($search=bolts OR 12),invoice_lines/$ref", "invoices?$expand=*($levels=2)&$select=id", "invoice_lines?$expand=invoices($levels=max)",
        "invoice_lines?$filter=invoices/status eq 'new' and invoices/invoice_lines/all(x:x/id in (1,2))&$orderby=invoices/gross_total",
        "invoices?$filter=cast(gross_total,Edm.Int64) eq 5 and created_at sub duration'P1D' lt now()", "values?$filter=matchesPattern(b,'^v[0-9]+$') and a divby 2 gt 0.5 and c div 2 eq 1",
        "values?$filter=e ge 2026-01-01T00:00:00+01:00 and e lt 2026-01-02T00:00:00Z&$select=id,e", "values?$filter=a in @l&@l=[1,2]", "values?$filter=indexof(b,'v') eq 0 and concat(b,'x') ne null&$top=5",
        "values?$format=csv&$select=id,b&$top=20", "values?$format=parquet&$filter=a gt 1", "values?$format=arrow&$orderby=c", "invoice_lines?$format=arrow&$select=invoices", "values?$format=application/json;odata.metadata=full;IEEE754Compatible=true&$top=3",
        "invoices/$filter(@f)?@f=id eq 1", "invoices/$filter(id eq 1)/$count", "$crossjoin(invoices,values)", "$entity?$id=invoices(1)", "$all", "invoices/Coupa.invoices", "invoices?$compute=id mul 2 as n,date(created_at) as day&$filter=n gt 4&$orderby=day",
        "invoices?$compute=created_at sub 2026-01-01T00:00:00.5Z as age,time(created_at) as t&$filter=age gt duration'PT1H' and t lt 12:00:00.25&$orderby=age desc,t&$select=age,t&$top=2", "invoices?$expand=invoice_lines($levels=1;$expand=*($levels=2))&$top=2",
        "values?$apply=compute(duration'-P1DT2H' add (e sub 2026-01-01T00:00:00Z) as d)/groupby((d),aggregate(d with max as m))&$orderby=m", "values?$compute=-duration'P10000D' sub duration'PT0.000001S' as d,f sub 2026-01-02 as g&$orderby=g&$format=parquet", "values?$compute=time(e) as t,e sub e as d&$select=t,d&$format=arrow",
        "invoices?$schemaversion=*&$top=1", "invoices?$skiptoken=abc", "invoices?$deltatoken=abc", "invoices?$skip=2147483648", "invoices?$top=2147483648", "values?$orderby=a asc,b desc,c,d,e,f&$skip=10&$top=7",
        "invoices?select=id&filter=id eq 1&TOP=1", "invoices/$each", "invoices?$filter=status eq $root/invoices(1)/status and id ne $root/invoice_lines(invoices_id=1,id=10)/id", "invoices(1)/invoice_lines?$apply=aggregate($count as n)", "invoices(1)/invoice_lines/$count", "openapi.json",
    ];

    /// <summary>Bodies of <c>POST values/$query</c>.</summary>
    public static string[] Queries { get; } =
        ["$filter=a gt 1&$select=id,b&$top=3", "$filter=id in (1,2,3,4,5,6,7,8,9)&$orderby=b desc&$count=true", "$apply=groupby((d),aggregate($count as n))", "%24filter=b%20eq%20'v1'&$format=csv", "$search=v1&$compute=a add 1 as x"];

    /// <summary>Bodies of a <c>$batch</c> in the boundary <c>b</c>.</summary>
    public static string[] MultipartBatches { get; } =
    [
        "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET invoices?$top=2&$filter=id%20gt%201 HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n--b--\r\n",
        "--b\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nGET /odata/demo/values(1) HTTP/1.1\r\n\r\n\r\n--b\r\nContent-Type: application/http\r\nContent-ID: 2\r\n\r\nGET invoices/$count HTTP/1.1\r\nOData-MaxVersion: 4.01\r\n\r\n\r\n--b--\r\n",
        "--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nPOST invoices HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"id\":1}\r\n--c--\r\n--b--\r\n",
        "--b\r\nContent-Type: application/http\r\n\r\nPOST values/$query HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\n$filter=a gt 1\r\n--b\r\nContent-Type: application/http\r\n\r\nHEAD invoices HTTP/1.1\r\n\r\n\r\n--b--\r\n",
        "--b\r\nContent-Type: application/http\r\n\r\nGET $metadata HTTP/1.1\r\n\r\n\r\n--b\r\nContent-Type: application/http\r\n\r\nGET values?$format=csv&$top=2 HTTP/1.1\r\n\r\n\r\n--b--",
    ];

    /// <summary>Bodies of a <c>$batch</c> in JSON.</summary>
    public static string[] JsonBatches { get; } =
    [
        """{"requests":[{"id":"1","method":"GET","url":"invoices?$top=2"},{"id":"2","method":"get","url":"/odata/demo/values(3)","headers":{"accept":"application/json;odata.metadata=none"}}]}""",
        """{"requests":[{"id":"1","method":"GET","url":"nothing"},{"id":"2","dependsOn":["1"],"method":"GET","url":"invoices(1)"},{"id":"3","if":"$1/value/0/id eq 1","method":"GET","url":"invoices/$count"}]}""",
        """{"requests":[{"id":"1","atomicityGroup":"g","method":"POST","url":"invoices","body":{"id":7}},{"id":"2","atomicityGroup":"g","method":"DELETE","url":"invoices(1)"}]}""",
        """{"requests":[{"id":"1","method":"POST","url":"values/$query","headers":{"content-type":"text/plain"},"body":"$filter=a gt 1&$top=2"},{"id":"2","method":"HEAD","url":"$metadata"},{"id":"3","method":"GET","url":"values?$format=parquet"}]}""",
    ];

    /// <summary>Headers that change an answer, and values of them.</summary>
    public static (string Name, string[] Values)[] Headers { get; } =
    [
        ("Accept", ["application/json", "application/json;odata.metadata=full;q=0.5,text/csv;q=0.1", "*/*", "text/html", "application/json;IEEE754Compatible=true;odata.streaming=true;charset=utf-8", "application/vnd.apache.parquet", "application/xml"]),
        ("Accept-Encoding", ["gzip", "br;q=1,gzip;q=0.5", "identity;q=0", "*", "deflate, gzip"]),
        ("Prefer", ["odata.maxpagesize=2", "omit-values=nulls", "odata.include-annotations=\"*\"", "odata.track-changes", "respond-async, wait=5", "maxpagesize=0", "return=minimal", "odata.include-annotations=\"-*,Coupa.Watermark\", continue-on-error"]),
        ("OData-Version", ["4.0", "4.01", "3.0"]),
        ("OData-MaxVersion", ["4.0", "4.01", "4", "9.9"]),
        ("If-None-Match", ["*", "W/\"abc\"", "\"a\",W/\"b\""]),
        ("Accept-Charset", ["utf-8", "utf-16"]),
        ("Accept-Language", ["de", "en-GB;q=0.8"]),
        ("X-Forwarded-Host", ["other.example"]),
        ("X-Requested-With", ["XMLHttpRequest"]),
        ("Isolation", ["snapshot"]),
        ("X-CSRF-Token", ["Fetch"]),
        ("Range", ["bytes=0-1"]),
    ];

    public static string[] Methods { get; } = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "BREW"];

    /// <summary>What is put into requests, or in the place of a part of them.</summary>
    public static string[] Pieces { get; } =
    [
        "'", "''", "(", ")", "((((((((", "))))))))", ",", "$", "null", " eq ", " and ", " or ", "not ", "%27", "%00", "%", "%2", "%ff", "%c3%28", "é", "😀", "\u0001", "-", "+", "0", "-1", "9223372036854775807", "9223372036854775808",
        "9999999999999999999999", "1.7976931348623157e308", "1.5e400", "0.000000000000000000000000000001", "79228162514264337593543950336", "duration'P1D'", "duration'P99999999999D'", "2026-02-30", "0000-00-00", "9999-12-31T23:59:59.9999999Z",
        "0001-01-01T00:00:00+14:00", "24:00:00", "/", "//", "..", "@x", "@", " ", "\t", ";", "--", "/*", "*/", "\"", "\\", "\"; DROP TABLE t; --", "' OR 1=1 --", "') UNION SELECT 1 --", "INF", "NaN", "%2F", "true", "false", "$it", "$this", "$root", "$count", "$value",
        "$ref", "$filter", "$expand=", "$apply=", "&", "&&", "=", "?", "*", ":", "[", "]", "{", "}", "{}", "[]", "[1,null,'x']", "#", "|", "^", "`", "<", ">", "\r\n", "\n", "\r\n\r\n", "--b", "--b--", "HTTP/1.1", "Content-Type: ", "\"id\":", "\"url\":", "$1",
        "x:x/id", "any(", "all(", "aggregate(", "groupby((", "concat(", "compute(", "as n", "with sum", "read_parquet('/etc/passwd')", "matchesPattern(b,'(a+)+$')", "binary'AA'", "geography'POINT(1 2)'", "Edm.Guid", "00000000-0000-0000-0000-000000000000",
    ];
}
