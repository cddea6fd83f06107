using System.Globalization;
using System.Text.Json;
using Microsoft.OData;

namespace CoupaGateway.OData.Tests.Conformance;

/// <summary>Rows as text, the same whether they come from JSON or from the strict reader.</summary>
internal static class RowText
{
    /// <summary>Rows as text: properties and what stands inside, sorted by their names, without nulls.</summary>
    public static async Task<string> ReadAsync(ODataReader reader)
    {
        var open = new Stack<SortedDictionary<string, List<string>>>();
        var names = new Stack<string>();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            switch (reader)
            {
                case { State: ODataReaderState.ResourceStart, Item: not null }:
                    open.Push(new(StringComparer.Ordinal));
                    break;
                case { State: ODataReaderState.NestedResourceInfoStart, Item: ODataNestedResourceInfo nested }:
                    names.Push(nested.Name);
                    break;
                case { State: ODataReaderState.NestedResourceInfoEnd }:
                    names.Pop();
                    break;
                case { State: ODataReaderState.ResourceEnd, Item: ODataResource row }:
                    var text = OfRow(row, open.Pop());
                    if (open.Count == 0)
                        rows.Add(text);
                    else if (open.Peek().TryGetValue(names.Peek(), out var siblings))
                        siblings.Add(text);
                    else
                        open.Peek()[names.Peek()] = [text];
                    break;
            }
        }

        return string.Join('\n', rows);
    }

    /// <param name="properties">What was nested in the row.</param>
    public static string OfRow(ODataResourceBase row, SortedDictionary<string, List<string>>? properties = null)
    {
        properties ??= new(StringComparer.Ordinal);
        foreach (var property in row.Properties.OfType<ODataProperty>().Where(static property => property.Value is not (null or ODataUntypedValue { RawValue: "null" })))
            properties[property.Name] = [Value(property.Value)];
        return Text(properties);
    }

    /// <summary>Of JSON.</summary>
    public static string Of(JsonElement rows) => string.Join('\n', rows.EnumerateArray().Select(OfRow));

    public static string OfRow(JsonElement row)
    {
        var properties = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var property in row.EnumerateObject().Where(static property => !property.Name.Contains('@', StringComparison.Ordinal) && property.Value.ValueKind != JsonValueKind.Null))
        {
            List<string> values = property.Value.ValueKind switch
            {
                JsonValueKind.Array => [.. property.Value.EnumerateArray().Select(OfRow)],
                JsonValueKind.Object => [OfRow(property.Value)],
                _ => [property.Value.ToString()],
            };
            if (values.Count > 0)
                properties[property.Name] = values;
        }

        return Text(properties);
    }

    private static string Text(SortedDictionary<string, List<string>> properties) => $"{{{string.Join(", ", properties.Select(static property => $"{property.Key}: {string.Join(" ", property.Value.Select(Normal))}"))}}}";

    /// <summary>Numbers, instants and times in one spelling.</summary>
    private static string Normal(string value) =>
        decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (number / 1.000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : value is [_, _, ':', ..] && TimeOnly.TryParse(value, CultureInfo.InvariantCulture, out var time) ? time.ToString("O", CultureInfo.InvariantCulture)
        : value.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)
        : value;

    private static string Value(object value) => value switch
    {
        ODataUntypedValue untyped => JsonSerializer.Deserialize<JsonElement>(untyped.RawValue).ToString(),
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        TimeSpan span => System.Xml.XmlConvert.ToString(span),
        bool flag => flag ? "True" : "False",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
