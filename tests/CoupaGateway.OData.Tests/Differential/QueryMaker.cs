using System.Globalization;

namespace CoupaGateway.OData.Tests.Differential;

/// <summary>Makes queries over <see cref="Feed.TestTables.Values"/>, always the same ones for a seed: expressions that fit in types, of some depth.</summary>
internal sealed class QueryMaker(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>A filter and perhaps an order, and what cuts a page out of them, perhaps nothing.</summary>
    public (string Options, string Page) Options()
    {
        var options = $"$filter={Condition(3)}{(_random.Next(3) > 0 ? $"&$orderby={Order()}" : "")}";
        return (options, $"{(_random.Next(3) == 0 ? $"&$top={_random.Next(1, 40)}" : "")}{(_random.Next(4) == 0 ? $"&$skip={_random.Next(0, 60)}" : "")}");
    }

    public string Apply()
    {
        var keys = Pick("a", "b", "d", "a,d", "b,d", "f");
        var aggregates = Pick("a with sum as s,$count as n", "c with max as m,c with min as k", "a with average as v,$count as n", "b with countdistinct as u,$count as n", "$count as n");
        var filter = _random.Next(2) == 0 ? $" and ({Condition(2)})" : "";

        // Without nulls: for stock the sum of nothing is 0, and null is one of the distinct values.
        return $"$apply=filter(a ne null and b ne null and c ne null and d ne null and e ne null and f ne null{filter})/groupby(({keys}),aggregate({aggregates}))";
    }

    /// <summary>Computed properties of rows without nulls. The functions date and time alone are not among them: stock hands the whole instant out.</summary>
    public string Compute()
    {
        var values = new[] { Number(3), Text(), Condition(2), Span(), Pick("e", "f"), $"({Pick("c", "c mul 1000003", "c sub id mul 1000003")} div {_random.Next(2, 12)})" };
        var (one, other) = (values[_random.Next(values.Length)], values[_random.Next(values.Length)]);
        return $"$filter=a ne null and b ne null and c ne null and d ne null and e ne null and f ne null&$compute={one} as one,{other} as other&$select=id,one,other";
    }

    private string Span() => Pick("(e sub 2026-01-01T00:00:01.5Z)", "(2026-03-01T12:00:00+02:00 sub e)", "duration'PT90M'", "duration'-P1DT0.25S'", "totalseconds(e sub 2025-12-31T00:00:00Z)");

    private string Order() => string.Join(',', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pick("a", "c", "d", "e", "f", "id") + Pick("", " asc", " desc")).DistinctBy(static key => key[0]));

    private string Condition(int depth) => _random.Next(depth > 0 ? 12 : 8) switch
    {
        0 or 1 => $"{Number(depth)} {Comparison()} {Number(depth)}",
        2 => $"{Text()} {Pick("eq", "ne")} {Pick("'v1'", "'v3'", "'V4'", "'nothing'", "null", "b")}",
        3 => $"{Pick("contains", "startswith", "endswith")}({Text()},{Pick("'v'", "'1'", "'ong'", "'V'", "''")})",
        4 => $"{Moment()}",
        5 => $"{Pick("a", "b", "c", "d", "e", "f")} {Pick("eq", "ne")} null",
        6 => Pick("d", "d eq true", "d eq false", "d ne true", "not d"),
        7 => Pick("a in (1,2,4)", "b in ('v1','v2')", "id in (1,50,249,1000)", "id in (7,8)"),
        8 or 9 => $"({Condition(depth - 1)}) {Pick("and", "or")} ({Condition(depth - 1)})",
        10 => $"not ({Condition(depth - 1)})",
        _ => $"({Condition(depth - 1)})",
    };

    private string Number(int depth) => _random.Next(depth > 0 ? 11 : 5) switch
    {
        0 => "a",
        1 => "c",
        2 => "id",
        3 => _random.Next(-3, 12).ToString(CultureInfo.InvariantCulture),
        4 => Pick("0", "1", "2", "-1"), // stock takes 0.25 for an Edm.Single, which it does not compare with decimals
        5 => $"length({Text()})",
        6 => $"({Number(depth - 1)} {Pick("add", "sub", "mul")} {Number(depth - 1)})",
        7 => $"(id mod {_random.Next(2, 9)})",
        8 => $"{Pick("floor", "ceiling")}(c)", // round is away from zero in the standard, and to the even number for stock
        9 => $"indexof({Text()},'{Pick("v", "1", "x")}')",
        _ => $"{Pick("year(e)", "month(e)", "day(e)", "hour(e)", "minute(e)", "second(e)", "year(f)", "month(f)", "day(f)")}",
    };

    private string Text() => _random.Next(6) switch
    {
        0 => "tolower(b)",
        1 => "toupper(b)",
        2 => "trim(b)",
        3 => $"concat(b,'{Pick("1", "", "x")}')",
        _ => "b",
    };

    private string Moment() => _random.Next(3) switch
    {
        0 => $"e {Comparison()} {Pick("2026-01-01T00:00:01Z", "2026-01-01T00:00:02Z", "2026-01-01T01:00:01+01:00", "2025-12-31T19:00:03-05:00")}",
        1 => $"f {Comparison()} {Pick("2026-01-01", "2026-01-02", "2026-01-03")}",
        _ => $"date(e) {Pick("eq", "ne")} 2026-01-01",
    };

    private string Comparison() => Pick("eq", "ne", "gt", "ge", "lt", "le");

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
