using CoupaGateway.Rest;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Metadata.Rest;

/// <summary>A column of the schema in force.</summary>
/// <param name="Source">Who brought it: catalogue, custom or observed; gateway for the gateway's own.</param>
/// <param name="Path">JSON keys down to the value.</param>
/// <param name="Pseudonym">What is done to its values before they are stored; null when they are kept in clear.</param>
/// <param name="Rule">Rule that decides that.</param>
internal sealed record EffectiveColumn(string Name, string Type, bool IsKey, string Source, string? Path, string? Since, string? Pseudonym, string? Rule)
{
    private const string Gateway = "gateway";

    public static EffectiveColumn Of(ColumnSchema column) => new(
        column.Name,
        EnumNames.Of(column.Type),
        column.IsKey,
        column.Kind == ColumnKind.Field ? EnumNames.Of(column.Source) : Gateway,
        column.Path.IsEmpty ? null : string.Join('.', column.Path),
        column.Since,
        column.Pseudonym is { } mark ? PseudonymAlgorithms.NameOf(mark.Algorithm) : null,
        column.Pseudonym?.Rule);
}
