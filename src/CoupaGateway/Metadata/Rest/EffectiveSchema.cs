using System.Collections.Immutable;
using CoupaGateway.Connections;
using CoupaGateway.Rest;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Custom;

namespace CoupaGateway.Metadata.Rest;

/// <summary>The schema in force, and where each part comes from.</summary>
/// <param name="Revision">Revision of the custom metadata; 0 when there never was any.</param>
/// <param name="Applied">Whether the connection uses custom metadata: its setting <c>customMetadata</c>.</param>
/// <param name="ApiVersion">Release of the instance.</param>
/// <param name="LeftOut">Tables and columns that could be there and are not, each with the reason.</param>
/// <param name="Findings">What is to be said of the custom metadata now.</param>
internal sealed record EffectiveSchema(
    int Revision, bool Applied, string ApiVersion, ImmutableArray<EffectiveTable> Tables, ImmutableArray<LeftOutResource> LeftOut, ImmutableArray<MetadataFinding> Findings)
{
    public static EffectiveSchema Of(ConnectionDefinition definition, ConnectionMetadata metadata, ConnectionSchema schema)
    {
        var release = definition.Options.Release;
        var builtIn = schema.Result.Schema.Tables.Where(static table => table is { Resource: not null, Source: SchemaSource.Catalogue }).Select(static table => table.Name).ToArray();
        return new EffectiveSchema(
            metadata.Revision,
            definition.Options.CustomMetadata,
            release.ToString(),
            [.. schema.Result.Schema.Tables.Select(EffectiveTable.Of)],
            [.. MetadataComposer.NewerThan(release, builtIn).Concat(schema.Custom.LeftOut).Select(static left => new LeftOutResource(left.Table, left.Column, EnumNames.Of(left.Source), left.Reason))],
            schema.Custom.Findings);
    }
}
