using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CoupaGateway.Connections;
using CoupaGateway.Metadata.Rest;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Custom;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Sampling;

namespace CoupaGateway.Metadata;

/// <summary>Shows what a document would make of a few records of the tenant.</summary>
internal sealed class Previewer(IRecordSampler sampler)
{
    /// <summary>API tables of one preview: each costs four requests.</summary>
    public const int MostTables = 5;

    /// <summary>The API tables that a document is about, as far as the schema has them.</summary>
    public static ImmutableArray<string> TablesOf(ConnectionSchema schema, MetadataDocument document)
    {
        var custom = schema.Result.Schema.Tables.Where(static table => table.Source == SchemaSource.Custom || table.Columns.Any(static column => column.Source == SchemaSource.Custom)).Select(static table => table.Root);
        var named = schema.Result.Schema.Tables.Where(table => document.Resources.Any(resource => resource.DisplayName == table.Name)).Select(static table => table.Root);
        return [.. custom.Concat(named).Distinct(StringComparer.Ordinal).Take(MostTables)];
    }

    /// <exception cref="Coupa.Failures.CoupaException">The tenant could not be read.</exception>
    /// <exception cref="Sync.Pseudonyms.PseudonymKeyException">The secrets of the pseudonyms cannot be had.</exception>
    public async Task<PreviewResource> ShowAsync(ConnectionDefinition definition, SchemaRevision schema, string apiTable, int records, CancellationToken cancellationToken)
    {
        var sample = await sampler.SampleAsync(new ConnectionConfig(definition.Name, definition.Tenant), schema.Family(apiTable), records, cancellationToken);
        return new PreviewResource(apiTable, sample.Records, sample.Unusable, sample.BadValues, [.. sample.Tables.Select(Show)], sample.UntakenKeys);
    }

    private static PreviewTable Show(SampledTable table) => new(
        table.Table.Name,
        table.RowCount,
        [.. table.Rows.Select(row => new JsonObject(row.Select((value, column) => KeyValuePair.Create<string, JsonNode?>(table.Table.Columns[column].Name, ToJson(value)))))],
        table.EmptyColumns);

    private static JsonValue? ToJson(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        long number => JsonValue.Create(number),
        decimal number => JsonValue.Create(number),
        bool flag => JsonValue.Create(flag),
        DateTimeOffset instant => JsonValue.Create(instant.UtcDateTime),
        DateOnly day => JsonValue.Create(day.ToString("O")),
        _ => throw new InvalidOperationException($"No JSON for {value.GetType()}."),
    };
}
