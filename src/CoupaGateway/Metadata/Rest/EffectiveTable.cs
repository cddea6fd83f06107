using System.Collections.Immutable;
using CoupaGateway.Rest;
using CoupaGateway.Schema;

namespace CoupaGateway.Metadata.Rest;

/// <summary>A table of the schema in force.</summary>
/// <param name="Source">Who brought it: catalogue, custom or observed.</param>
/// <param name="Parent">Table that it is nested in.</param>
/// <param name="Path">Path of the resource, or JSON keys from the table above down to the array.</param>
/// <param name="Watermark">Request field that tells when a record changed; without one every load reads everything. Of API tables only.</param>
internal sealed record EffectiveTable(string Name, string Source, string? Parent, string Path, string? Watermark, string? Description, ImmutableArray<EffectiveColumn> Columns)
{
    public static EffectiveTable Of(TableSchema table) => new(
        table.Name,
        EnumNames.Of(table.Source),
        table.Parent,
        table.Resource?.Path ?? string.Join('.', table.NestedPath),
        table.Resource?.Watermark,
        table.Description,
        [.. table.Columns.Select(EffectiveColumn.Of)]);
}
