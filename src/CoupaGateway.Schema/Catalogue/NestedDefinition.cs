using System.Text.Json.Serialization;

namespace CoupaGateway.Schema.Catalogue;

/// <summary>A nested table, as <c>tables.json</c> has it.</summary>
internal sealed record NestedDefinition
{
    [JsonRequired]
    public string Table { get; init; } = "";

    /// <summary>Name of the table whose records hold <see cref="Field"/>.</summary>
    [JsonRequired]
    public string Parent { get; init; } = "";

    /// <summary>JSON key of the array or object.</summary>
    [JsonRequired]
    public string Field { get; init; } = "";

    [JsonRequired]
    public string Class { get; init; } = "";
}
