using System.Text;
using System.Text.Json;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Flattening;

namespace CoupaGateway.Sync.Tests.Flattening;

/// <summary>Random schemas, random records: the flattener agrees with a plain one. The seeds are fixed, so that a failure comes again.</summary>
public sealed class FlattenerPropertyTests
{
    private static readonly string[] Keys = ["id", "name", "created-at", "user", "line-items", "x", "custom-fields", "total"];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "1", "-7", "42.0", "1e3", "12.5", "0.000000000001", "1e-13", "123456789012345678901234567890", "-99999999999999999999.25",
        "\"\"", "\"17\"", "\"567.07\"", "\"-0.5\"", "\"yes\"", "\"No\"", "\"TRUE\"", "\"2016-10-07\"", "\"2016-10-07T06:59:46-07:00\"", "\"2016-10-07T06:59:46.25Z\"",
        "\"2016-13-07\"", "\"a text that does not fit into a cell\"", "\"k\\u00fcrzer\"", "\"line\\nbreak \\ud83d\\ude00\"", "\"9223372036854775808\"",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_records_give_the_rows_of_a_plain_flattener(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 15; round++)
        {
            var family = Family(random);
            var reference = new ReferenceFlattener(family);
            using var bench = new FlattenBench([.. family]);
            for (var page = 0; page < 3; page++)
            {
                var json = $"[{string.Join(',', Enumerable.Range(0, random.Next(20)).Select(_ => Element(random, 0)))}]";
                bench.Add(json);
                reference.Add(json);
            }

            for (var i = 0; i < family.Count; i++)
                Assert.Equal(reference.Sorted(family[i].Name), bench.Read(i).Select(static row => row));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Of_pages_with_a_broken_byte_those_that_are_still_JSON_are_taken_and_no_others(int seed)
    {
        const string Bytes = "{}[]\",:\\/0123456789eE.+-truefalsn \n\t\u0001";
        var random = new Random(seed);
        var accepted = 0;
        var refused = 0;
        for (var round = 0; round < 3_000; round++)
        {
            using var bench = new FlattenBench([.. Family(random)]);
            var page = Encoding.UTF8.GetBytes($"[{Element(random, 0)}, {Element(random, 1)}]").ToList();
            for (var changes = random.Next(1, 3); changes > 0; changes--)
            {
                var at = random.Next(page.Count);
                switch (random.Next(3))
                {
                    case 0:
                        page.RemoveAt(at);
                        break;
                    case 1:
                        page.Insert(at, (byte)Bytes[random.Next(Bytes.Length)]);
                        break;
                    default:
                        page[at] = (byte)Bytes[random.Next(Bytes.Length)];
                        break;
                }
            }

            var json = page.ToArray();
            if (IsArray(json))
            {
                accepted++;
                bench.Flattener.Add(json);
            }
            else
            {
                refused++;
                Assert.Throws<MalformedPageException>(() => bench.Flattener.Add(json));
            }
        }

        Assert.InRange(accepted, 300, 2_700);
        Assert.InRange(refused, 300, 2_700);
    }

    private static bool IsArray(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1_000 });
            var isArray = reader.Read() && reader.TokenType == JsonTokenType.StartArray;
            while (reader.Read())
            {
                // To the end, or to the fault.
            }

            return isArray;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static List<TableSchema> Family(Random random)
    {
        var family = new List<TableSchema> { TestSchemas.Api("t0", Fields(random)) };
        var paths = new HashSet<(string, string)>();
        for (var i = 1; i <= 4; i++)
        {
            var parent = family[random.Next(family.Count)];
            string[] path = random.Next(3) == 0 ? ["user", "line-items"] : [random.Next(2) == 0 ? "line-items" : "x"];
            if (paths.Add((parent.Name, string.Join('/', path))))
                family.Add(TestSchemas.Nested(parent, $"t{i}", [.. path], hasId: random.Next(3) > 0, Fields(random)));
        }

        return family;
    }

    private static ColumnSchema[] Fields(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(1, 7)).Select(i => TestSchemas.Field(
            $"c{i}",
            Enum.GetValues<ColumnType>()[random.Next(6)],
            random.Next(3) == 0 ? [Pick(random, ["user", "custom-fields"]), Pick(random, Keys)] : [Pick(random, Keys)])),
    ];

    private static string Element(Random random, int depth)
    {
        var json = new StringBuilder("{");
        if (random.Next(10) > 0)
            json.Append($"\"id\":{random.Next(1, 12)}");

        for (var i = random.Next(9); i > 0; i--)
        {
            var key = Pick(random, Keys);
            if (random.Next(3) == 0)
                key = key.Replace('-', '_');

            json.Append(json.Length > 1 ? "," : "").Append($"\"{key}\":{Value(random, depth)}");
        }

        return json.Append('}').ToString();
    }

    private static string Value(Random random, int depth) => (depth < 4 ? random.Next(6) : 5) switch
    {
        0 => Element(random, depth + 1),
        1 => $"[{string.Join(',', Enumerable.Range(0, random.Next(25)).Select(_ => random.Next(8) == 0 ? Pick(random, Scalars) : Element(random, depth + 2)))}]",
        _ => Pick(random, Scalars),
    };

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
