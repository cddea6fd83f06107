using System.Text.Json;
using CoupaGateway.Schema.Custom;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema.Tests.Custom;

/// <summary>The schema of custom metadata, by which editors complete and mark what they do not know.</summary>
public sealed class MetadataSchemaTests
{
    [Fact]
    public void It_knows_the_algorithms_of_pseudonyms()
    {
        using var stream = MetadataSchemaDocument.Open();
        var enumerations = Enumerations(JsonDocument.Parse(stream).RootElement).ToArray();

        Assert.Contains(enumerations, static names => names.SequenceEqual(PseudonymAlgorithms.Names));
    }

    private static IEnumerable<string[]> Enumerations(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static property =>
            property.NameEquals("enum") ? [[.. property.Value.EnumerateArray().Select(static value => value.ToString())]] : Enumerations(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Enumerations),
        _ => [],
    };
}
