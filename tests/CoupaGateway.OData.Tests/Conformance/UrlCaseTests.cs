using CoupaGateway.OData.Tests.Feed;

namespace CoupaGateway.OData.Tests.Conformance;

/// <summary>
/// The URLs among OASIS' ABNF test cases, against the feed: what the standard allows is never taken for a syntax error, what it does not allow is refused.
/// Cases of names in payloads, headers, literals by themselves and other hosts are not about URLs of a feed and stay out.
/// </summary>
[Trait("Category", "Conformance")]
public sealed class UrlCaseTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    /// <summary>The URL that a case is tried in, by its rule.</summary>
    private static readonly Dictionary<string, Func<string, string>> Rules = new(StringComparer.Ordinal)
    {
        ["odataRelativeUri"] = static input => input,
        ["resourcePath"] = static input => input,
        ["queryOptions"] = static input => $"invoices?{input}",
        ["systemQueryOption"] = static input => $"invoices?{input}",
        ["customQueryOption"] = static input => $"invoices?{input}",
        ["filter"] = static input => $"invoices?{input}",
        ["orderby"] = static input => $"invoices?{input}",
        ["orderBy"] = static input => $"invoices?{input}",
        ["select"] = static input => $"invoices?{input}",
        ["expand"] = static input => $"invoices?{input}",
        ["compute"] = static input => $"invoices?{input}",
        ["search"] = static input => $"invoices?{input}",
        ["boolCommonExpr"] = static input => $"invoices?$filter={input}",
        ["commonExpr"] = static input => $"invoices?$filter=({input}) eq null",
    };

    /// <summary>Names that the test tables have something like, longer ones first.</summary>
    private static readonly (string Name, string Column)[] Names =
    [
        ("CompanyName", "invoice_number"), ("ContactName", "invoice_number"), ("FirstName", "status"), ("LastName", "invoice_number"), ("Name", "status"), ("Price", "gross_total"), ("Title", "invoice_number"),
        ("Amount", "gross_total"), ("Age", "version"), ("Rating", "version"), ("Description", "status"), ("DiscontinuedDate", "created_at"), ("BirthDate", "created_at"), ("StartTime", "created_at"),
        ("Customers('ALFKI')", "invoices(1)"), ("Products(1)", "invoices(1)"), ("Orders", "invoice_lines"), ("Customers", "invoices"), ("Products", "invoices"), ("Categories", "invoices"),
        ("Employees", "invoices"), ("People", "invoices"), ("Items", "invoice_lines"),
    ];

    /// <summary>Cases that say nothing about a read-only feed of flat tables, or that the feed answers in another way than the rule alone would have it.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["ProductsByCategoryId(categoryId=2)(2)"] = "functions: there are none, and ODL reads the parentheses as one key",
        ["$filter=$it eq @ref&@ref={\"@odata.id\":\"http://host/service/ZqV5t\"}"] = "comparing rows by reference",
        ["$filter=Price/@Currency eq 'EUR'"] = "annotations as values",
        ["$filter=Price/@Currency%23Reporting eq 'EUR'"] = "annotations as values",
        ["$orderby=Price/@Measures.Currency%23Reporting"] = "annotations as values",
        ["$filter=@Messages/any(m:m/severity eq 'error')"] = "annotations as values",
        ["$filter =true"] = "blanks around names are what forms send, and harmless",
        ["$filter= true"] = "blanks around values are what forms send, and harmless",
        ["$search=#1"] = "a number sign begins what clients do not send",
        ["$search=more&more"] = "an ampersand begins another option, which the feed does not know and passes over",
        ["$search=a;b"] = "a semicolon ends nothing outside of parentheses",
        ["$index=fortytwo"] = "$index is not supported, whatever its value",
        ["$entity?$format=json"] = "$entity is not supported, whatever its options",
        ["$entity?$id=http://myservice/Customers('ALFKI')&$select=CompanyName,ContactName&$expand=Orders"] = "$entity is not supported, whatever its options",
    };

    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, bool>();
            foreach (var (rule, input, isValid) in Read().Where(static one => Rules.ContainsKey(one.Rule)).Distinct())
                cases.Add(rule, input, isValid);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_url_is_read_as_the_standard_has_it(string rule, string input, bool isValid)
    {
        var answers = new List<(int Status, string Body)>();
        foreach (var text in new[] { input, Names.Aggregate(input, static (mapped, name) => mapped.Replace(name.Name, name.Column, StringComparison.Ordinal)) })
        {
            using var response = await feed.GetAsync(Rules[rule](text).Replace("#", "%23", StringComparison.Ordinal));
            answers.Add(((int)response.StatusCode, await response.Content.ReadAsStringAsync(FeedFixture.Stop)));
        }

        var isAsExpected = answers.TrueForAll(answer => isValid ? answer.Status is < 500 or 501 or 503 && !IsSyntaxError(answer.Body) : answer.Status is 400 or 404);
        Assert.True(isAsExpected != Exceptions.ContainsKey(input), string.Join('\n', answers));
    }

    [Fact]
    public void Every_exception_is_one_of_the_cases() =>
        Assert.Empty(Exceptions.Keys.Except(Read().Select(static one => one.Input)));

    /// <summary>What ODL says of a text that it cannot read, as against one whose names or types it does not find.</summary>
    private static bool IsSyntaxError(string body) =>
        body.Contains("yntax error", StringComparison.Ordinal) || body.Contains("nterminated", StringComparison.Ordinal) || body.Contains("xpected at position", StringComparison.Ordinal)
        || body.Contains("it cannot be read.", StringComparison.Ordinal) || body.Contains("malformed", StringComparison.Ordinal);

    /// <summary>The cases of the file, which is YAML of one shape: a list of names, rules, and inputs that may go on in deeper lines.</summary>
    private static List<(string Rule, string Input, bool IsValid)> Read()
    {
        const string Key = "    ";
        var cases = new List<(string Rule, string Input, bool IsValid)>();
        var lines = File.ReadAllLines(Path.Combine(Environment.GetEnvironmentVariable("OASIS_DATA") ?? throw new InvalidOperationException("OASIS_DATA is not set."), "odata-abnf-testcases.yaml"));
        var (rule, isValid) = (string.Empty, true);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("  - Name:", StringComparison.Ordinal))
                (rule, isValid) = (string.Empty, true);
            else if (lines[i].StartsWith(Key + "Rule: ", StringComparison.Ordinal))
                rule = lines[i][10..].Trim();
            else if (lines[i].StartsWith(Key + "FailAt:", StringComparison.Ordinal))
                isValid = false;
            else if (lines[i].StartsWith(Key + "Input: ", StringComparison.Ordinal))
            {
                var input = lines[i][11..].Trim();
                while (i + 1 < lines.Length && lines[i + 1].StartsWith(Key + "  ", StringComparison.Ordinal))
                    input += " " + lines[++i].Trim();
                cases.Add((rule, Unquote(input), isValid));
            }
        }

        return cases;
    }

    private static string Unquote(string text) => text switch
    {
        ['"', .. var inner, '"'] => inner.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal),
        ['\'', .. var inner, '\''] => inner.Replace("''", "'", StringComparison.Ordinal),
        _ => text,
    };
}
