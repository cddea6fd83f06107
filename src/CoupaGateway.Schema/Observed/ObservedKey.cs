using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CoupaGateway.Schema.Observed;

/// <summary>A key that records of a connection were seen to have, over all runs.</summary>
public sealed record ObservedKey
{
    /// <summary>The object that the customer's own fields are in.</summary>
    public const string CustomFields = "custom_fields";

    public required string Table { get; init; }

    /// <summary>JSON keys from the table's element down, with hyphens written as underscores.</summary>
    public required ImmutableArray<string> Path { get; init; }

    /// <summary>Every kind of value that it ever had.</summary>
    public ValueKinds Kinds { get; init; }

    /// <summary>How often it had a value.</summary>
    public long Count { get; init; }

    public DateTimeOffset FirstSeen { get; init; }

    public DateTimeOffset LastSeen { get; init; }

    /// <summary>Since when no record has it any more; null while some have.</summary>
    public DateTimeOffset? GoneSince { get; init; }

    /// <summary>Whether it is one of the customer's own fields.</summary>
    [JsonIgnore]
    public bool IsCustomField => Path is [CustomFields, _, ..];

    /// <summary>The type that a column for it has; null when there can be none.</summary>
    [JsonIgnore]
    public ColumnType? Type => ObservedTypes.Of(Kinds);

    public bool Is(string table, ImmutableArray<string> path) => Table == table && Path.SequenceEqual(path);
}
