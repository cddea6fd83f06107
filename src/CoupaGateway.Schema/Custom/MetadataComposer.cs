using System.Collections.Immutable;
using CoupaGateway.Schema.Catalogue;

namespace CoupaGateway.Schema.Custom;

/// <summary>Puts the tables and columns of a custom metadata document into a schema.</summary>
/// <remarks>
/// A resource with the name of a table of the schema changes that table; any other name adds one. What has an error is left out by itself, so that a document which was
/// good once, and is not any more with the catalogue of a newer gateway, loses just that.
/// </remarks>
public static class MetadataComposer
{
    /// <param name="schema">The built-in tables that the connection selects, as its release has them.</param>
    /// <param name="release">Release of the connection: what the document says to be newer is left out.</param>
    public static MetadataResult Compose(SchemaRevision schema, MetadataDocument document, CoupaRelease release)
    {
        var draft = new SchemaDraft(schema, release);
        foreach (var resource in document.Resources)
            new ResourceComposer(draft, resource).Compose();

        return draft.ToResult();
    }

    /// <summary>Columns of the catalogue that the release lacks, and why.</summary>
    public static ImmutableArray<LeftOut> NewerThan(CoupaRelease release, IReadOnlyCollection<string> apiTables)
    {
        var present = BuiltInCatalogue.Build(release, apiTables);
        return
        [
            .. BuiltInCatalogue.Build(CoupaRelease.Newest, apiTables).Tables.SelectMany(table => table.Columns
                .Where(column => present.TryGetTable(table.Name, out var known) && known.Columns.All(other => other.Name != column.Name))
                .Select(column => new LeftOut(table.Name, column.Name, SchemaSource.Catalogue, $"Came with {column.Since}; the connection's API version is {release}."))),
        ];
    }
}
