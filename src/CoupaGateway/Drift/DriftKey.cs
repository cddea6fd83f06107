using CoupaGateway.Rest;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Drift;

/// <summary>A key that records have, or had.</summary>
/// <param name="Path">JSON keys from the table's element down.</param>
/// <param name="State">column: a column takes it; ignored; failing: loads fail because of it; nested: it holds an object or array, of which custom metadata can make a table.</param>
/// <param name="Column">The column that takes it.</param>
/// <param name="Type">Type that its values need; null when they are objects or arrays.</param>
/// <param name="Count">How often it had a value, over all loads.</param>
/// <param name="GoneSince">Since when no record has it any more.</param>
/// <param name="Pseudonym">What is done to its values before they are stored.</param>
/// <param name="Rule">Rule that decides that.</param>
internal sealed record DriftKey(
    string Table, string Path, DriftState State, string? Column, string? Type, long Count, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, DateTimeOffset? GoneSince, string? Pseudonym, string? Rule)
{
    public static DriftKey Of(SchemaRevision schema, ObservedPolicy policy, ObservedKey key)
    {
        var column = schema.TryGetTable(key.Table, out var table) ? ObservedColumns.Find(table, key) : null;
        return new DriftKey(
            key.Table,
            string.Join('.', key.Path),
            StateOf(policy, key, column),
            column?.Name,
            key.Type is { } type ? EnumNames.Of(type) : null,
            key.Count,
            key.FirstSeen,
            key.LastSeen,
            key.GoneSince,
            column?.Pseudonym is { } mark ? PseudonymAlgorithms.NameOf(mark.Algorithm) : null,
            column?.Pseudonym?.Rule);
    }

    private static DriftState StateOf(ObservedPolicy policy, ObservedKey key, ColumnSchema? column) =>
        column is not null ? DriftState.Column
        : policy.For(key) == ObservedAction.Fail ? DriftState.Failing
        : key.Type is null ? DriftState.Nested
        : DriftState.Ignored;
}
