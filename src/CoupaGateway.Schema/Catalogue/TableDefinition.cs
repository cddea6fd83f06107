using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CoupaGateway.Schema.Catalogue;

/// <summary>An API table with its nested tables, as <c>tables.json</c> has it.</summary>
internal sealed record TableDefinition
{
    [JsonRequired]
    public string Table { get; init; } = "";

    [JsonRequired]
    public string Path { get; init; } = "";

    [JsonRequired]
    public string Class { get; init; } = "";

    [JsonRequired]
    public string Scope { get; init; } = "";

    public bool AccountsPayable { get; init; }

    public bool PurchaseToPay { get; init; }

    /// <summary>JSON keys down to the value that identifies a record. Other than <c>id</c> only where several records share an id.</summary>
    public ImmutableArray<string> Key { get; init; } = ["id"];

    public string? Watermark { get; init; } = "updated_at";

    public ImmutableArray<NestedDefinition> Nested { get; init; } = [];
}
