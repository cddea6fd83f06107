using System.Text;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Tests.Flattening;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Sync.Tests.Pseudonyms;

public sealed class AlgorithmTests
{
    private static readonly string Data = Path.Combine(Repository.Root, "tests", "CoupaGateway.Sync.Tests", "Pseudonyms", "Data");

    /// <summary>Lines of <c>vectors.txt</c>: algorithm, value, domain and version or salt, result.</summary>
    public static TheoryData<string, string, string, string> Vectors()
    {
        var vectors = new TheoryData<string, string, string, string>();
        foreach (var line in File.ReadLines(Path.Combine(Data, "vectors.txt")))
        {
            var fields = line.Split(';');
            vectors.Add(fields[0], Encoding.UTF8.GetString(Convert.FromHexString(fields[1])), fields[2], fields[3]);
        }

        return vectors;
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Every_result_is_what_openssl_computes(string name, string value, string parameter, string expected)
    {
        Assert.True(PseudonymAlgorithms.TryParse(name, out var algorithm));
        var (version, domain) = algorithm == PseudonymAlgorithm.HmacSha256 ? (int.Parse(parameter.Split('/')[0]), parameter.Split('/')[1]) : (1, null);

        Assert.Equal(expected, Apply(TestSecrets.Mark(algorithm, domain, version: version), value));
    }

    [Fact]
    public void Texts_are_composed_as_Unicode_wants_it()
    {
        foreach (var line in File.ReadLines(Path.Combine(Data, "nfc-vectors.txt")))
        {
            var texts = line.Split(';').Select(static hex => Encoding.BigEndianUnicode.GetString(Convert.FromHexString(hex))).ToArray();

            Assert.Equal(texts[1], UnicodeForms.Compose(texts[0]));
        }
    }

    [Theory]
    [InlineData("redact", ColumnType.String, "anything", "[redacted]")]
    [InlineData("null", ColumnType.String, "anything", null)]
    [InlineData("truncate", ColumnType.String, "Grüße", "Grü")]
    [InlineData("truncate", ColumnType.String, "ab", "ab")]
    [InlineData("truncate", ColumnType.String, "😀😀😀😀", "😀😀😀")]
    [InlineData("date-to-month", ColumnType.Date, "2016-10-31T23:59:46-07:00", "2016-10")]
    [InlineData("date-to-month", ColumnType.DateTime, "2016-10-31T23:59:46-07:00", "2016-11")]
    [InlineData("date-to-year", ColumnType.Date, "2016-12-31", "2016")]
    [InlineData("date-to-year", ColumnType.DateTime, "2016-12-31T23:59:46-07:00", "2017")]
    [InlineData("date-to-month", ColumnType.String, "2016-10-07", "2016-10")]
    [InlineData("date-to-month", ColumnType.Date, "soon", null)]
    public void Other_algorithms_leave_what_they_say(string name, ColumnType type, string value, string? expected)
    {
        Assert.True(PseudonymAlgorithms.TryParse(name, out var algorithm));

        Assert.Equal(expected, Apply(TestSecrets.Mark(algorithm, type: type, length: 3), value));
    }

    [Theory]
    [InlineData("Jane@Example.COM", "@example.com")]
    [InlineData(" jane@example.com ", "@example.com")]
    [InlineData("no address", "")]
    [InlineData("jane@", "")]
    [InlineData("jane@localhost", "")]
    [InlineData("<jane@example.com> Jane Doe", "")]
    public void Email_domain_is_the_token_of_the_address_and_its_domain(string value, string domain)
    {
        var token = Apply(TestSecrets.Mark(PseudonymAlgorithm.HmacSha256, "user.email"), value);

        Assert.Equal(token + domain, Apply(TestSecrets.Mark(PseudonymAlgorithm.EmailDomain, "user.email"), value));
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("\"\"", "")]
    public void Null_stays_null_and_empty_stays_empty(string json, string? expected)
    {
        foreach (var algorithm in Enum.GetValues<PseudonymAlgorithm>().Where(static algorithm => algorithm is not (PseudonymAlgorithm.Keep or PseudonymAlgorithm.Null)))
        {
            using var bench = Bench(TestSecrets.Mark(algorithm, "user.email", length: 3));
            bench.Add($$"""[{"id":1,"value":{{json}}}]""");

            Assert.Equal([expected ?? "∅"], bench.Read(0, "value"));
        }
    }

    [Fact]
    public void An_id_has_one_token_however_it_is_written_and_what_is_no_id_is_counted_as_bad()
    {
        using var bench = Bench(TestSecrets.Mark(PseudonymAlgorithm.HmacSha256, "user.id", ColumnType.Int64));

        bench.Add("""[{"id":1,"value":7},{"id":2,"value":"7"},{"id":3,"value":7.0},{"id":4,"value":"seven"},{"id":5,"value":""},{"id":6,"value":{"id":7}}]""");

        var values = bench.Read(0, "value");
        Assert.Equal(Apply(TestSecrets.Mark(PseudonymAlgorithm.HmacSha256, "user.id"), "7"), values[0]);
        Assert.Equal([values[0], values[0], values[0], "∅", "∅", "∅"], values);
        Assert.Equal(2, bench.Flattener.BadValueCount);
    }

    [Fact]
    public void Tokens_are_equal_for_equal_values_and_differ_for_others()
    {
        var random = new Random(7);
        var first = new Tokenizer(TestSecrets.Of(1), 1, "user.name");
        var second = new Tokenizer(TestSecrets.Of(1), 1, "user.name", useCache: false);
        var seen = new Dictionary<string, string>();
        for (var i = 0; i < 20_000; i++)
        {
            var value = i % 3 == 0 && seen.Count > 0 ? ChangeOne(random, seen.ElementAt(random.Next(Math.Min(seen.Count, 500))).Key) : Text(random);
            var token = Encoding.ASCII.GetString(first.Tokenize(Encoding.UTF8.GetBytes(value)));

            Assert.Equal(token, Encoding.ASCII.GetString(second.Tokenize(Encoding.UTF8.GetBytes(value))));
            Assert.Matches("^k01_[a-z2-7]{26}$", token);
            if (seen.TryGetValue(value, out var known))
                Assert.Equal(known, token);
            seen[value] = token;
        }

        Assert.Equal(seen.Count, seen.Values.Distinct().Count());
    }

    [Fact]
    public void A_value_and_its_domain_cannot_be_cut_elsewhere_to_give_the_same_token()
    {
        string[] parts = ["a", "b", "ab", "a/b", "1", "1/a", ".", "token"];
        var tokens = new HashSet<string>();
        foreach (var version in new[] { 1, 11 })
        {
            foreach (var domain in parts)
            {
                var tokenizer = new Tokenizer(TestSecrets.Of(1, 11), version, domain);
                foreach (var value in parts)
                    Assert.True(tokens.Add(Encoding.ASCII.GetString(tokenizer.Tokenize(Encoding.UTF8.GetBytes(value)))[4..]), $"{version} {domain} {value}");
            }
        }
    }

    private static FlattenBench Bench(PseudonymMark mark) => new(TestSecrets.Of(1, 2, 12), TestSchemas.Api("things", TestSecrets.Marked("value", mark)));

    private static string? Apply(PseudonymMark mark, string value)
    {
        using var bench = Bench(mark);
        bench.Add($$"""[{"id":1,"value":{{System.Text.Json.JsonSerializer.Serialize(value)}}}]""");
        return bench.Read(0, "value")[0] is "∅" ? null : bench.Read(0, "value")[0];
    }

    private static string Text(Random random) => new([.. Enumerable.Range(0, random.Next(1, 90)).Select(_ => (char)random.Next('!', '~'))]);

    private static string ChangeOne(Random random, string text)
    {
        var at = random.Next(text.Length);
        return $"{text[..at]}{(text[at] == 'x' ? 'y' : 'x')}{text[(at + 1)..]}";
    }
}
