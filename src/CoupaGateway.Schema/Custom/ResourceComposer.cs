using System.Collections.Immutable;
using CoupaGateway.Schema.Catalogue;

namespace CoupaGateway.Schema.Custom;

/// <summary>Puts one resource of a document into a draft.</summary>
internal sealed class ResourceComposer(SchemaDraft draft, CustomResource resource)
{
    private const string ApiPath = "/api/";

    private static readonly ImmutableHashSet<string> BuiltIn = [.. BuiltInCatalogue.Build(CoupaRelease.Newest).Tables.Select(static table => table.Name)];

    public void Compose()
    {
        var name = Identifier(resource.DisplayName, resource.Pointer);
        if (SystemTables.All.Any(table => table.Name == name))
        {
            draft.Findings.Error(resource.Pointer, MetadataCodes.NameReserved, $"The name {name} is that of a table of the gateway's own.", "Give another displayName.");
        }
        else if (resource.AvailableSince is { } since && since > draft.Release)
        {
            draft.LeaveOut(name, null, SchemaSource.Custom, $"Available since {since}; the connection's API version is {draft.Release}.");
            draft.Findings.Tell(resource.Pointer, MetadataCodes.Newer, $"{name} is left out: it is available since {since}, and the connection's API version is {draft.Release}.", "Raise the API version when the instance has it.");
        }
        else if (draft.Find(name) is { } table)
        {
            Extend(table);
        }
        else if (BuiltIn.Contains(name))
        {
            draft.LeaveOut(name, null, SchemaSource.Custom, "The connection does not select the built-in table that it changes.");
            draft.Findings.Warn(resource.Pointer, MetadataCodes.NotSelected, $"{name} is a built-in table that the connection does not select: nothing is changed.", "Select it in the connection's tables, or take the resource out.");
        }
        else
        {
            Add(name);
        }
    }

    private void Extend(TableSchema table)
    {
        var root = draft.RootOf(table);
        if (resource.Url is { } url && root.Resource!.Path != ApiPath + url)
        {
            draft.Findings.Error(
                resource.Pointer, MetadataCodes.OtherUrl, $"{table.Name} is read from {root.Resource.Path}, and the document says /api/{url}.", "Leave the source out, or give the resource another displayName.");
            return;
        }

        var content = new ContentComposer(draft, table, isNew: false);
        content.Add(resource.Content, []);
        if (content.ToTable() is not { } changed)
            return;

        draft.Replace(changed with { Description = resource.Description ?? changed.Description });
        content.AddNested();
        if (table.Parent is null)
            draft.Replace(WithRequest(draft.Find(table.Name)!));
        else if (!resource.Query.IsEmpty || resource.Watermark is not null)
            draft.Findings.Warn(resource.Pointer, MetadataCodes.MatchesNothing, $"query and watermark mean nothing at {table.Name}: it comes with {root.Name}.", $"Put them at {root.Name}.");

        Finish(table.Name);
    }

    private void Add(string name)
    {
        if (resource.Url is null)
        {
            draft.Findings.Error(
                resource.Pointer, MetadataCodes.NoSource, $"No metadataSource has {name} among its targetResources.", $$"""Add {"url":"…","targetResources":["{{name}}"]} to metadataSources.""");
            return;
        }

        var content = new ContentComposer(draft, new TableSchema
        {
            Name = name,
            Source = SchemaSource.Custom,
            Description = resource.Description,
            Resource = new ResourceSchema { Path = ApiPath + resource.Url, Scope = "", Watermark = null },
            Columns = [],
        }, isNew: true)
        { Pointer = resource.Pointer };
        content.Add(resource.Content, []);
        if (content.ToTable() is not { } table)
            return;

        if (!draft.TryAdd(WithRequest(table)))
        {
            draft.Findings.Error(resource.Pointer, MetadataCodes.TooMany, $"The document adds more than {MetadataLimits.Tables} tables.", "Add fewer.");
            return;
        }

        content.AddNested();
        Finish(name);
    }

    /// <summary>The API table with what the document says about requests.</summary>
    private TableSchema WithRequest(TableSchema table)
    {
        var request = table.Resource!;
        var isNew = table.Source == SchemaSource.Custom;
        var watermark = resource.Watermark switch
        {
            null when isNew => table.Columns.Any(static column => column.Path is [var key] && JsonKeys.Equal(key, "updated_at")) ? "updated_at" : null,
            null => request.Watermark,
            "" => null,
            var named => named,
        };
        if (watermark is null && resource.Watermark is null && isNew)
            draft.Findings.Tell(resource.Pointer, MetadataCodes.NoWatermark, $"{table.Name} has no column updated_at and names no watermark: every load of it reads everything.", """Add the column, or name another field in "watermark".""");

        return table with
        {
            Resource = request with { Scope = resource.Scope ?? request.Scope, Watermark = watermark, Query = resource.Query.IsEmpty ? request.Query : resource.Query, IdIsUnique = isNew ? table.Key[0].Path is ["id"] : request.IdIsUnique },
        };
    }

    private void Finish(string name)
    {
        foreach (var rule in resource.Pseudonyms)
            draft.AddRule(name, rule.Column.Replace('-', '_'), rule);
        foreach (var exclusion in resource.Exclude)
            Exclude(draft.Find(name)!, exclusion);
    }

    private void Exclude(TableSchema table, CustomExclusion exclusion)
    {
        var name = JsonNames.Identifier(exclusion.Name, out _);
        if (table.Columns.FirstOrDefault(column => column.Name == name) is { } column)
        {
            if (column.IsKey || column.Kind != ColumnKind.Field)
            {
                draft.Findings.Error(exclusion.Pointer, MetadataCodes.BadKey, $"{table.Name}.{name} is a key or a column of the gateway's own, which every table needs.", "Take it out of exclude.");
                return;
            }

            draft.Replace(table with { Columns = table.Columns.Remove(column) });
            draft.LeaveOut(table.Name, name, column.Source, "Excluded by the custom metadata.");
        }
        else if (draft.Find(name) is { } nested && draft.IsBelow(table, nested))
        {
            draft.Remove(nested);
            draft.LeaveOut(name, null, nested.Source, "Excluded by the custom metadata.");
        }
        else
        {
            draft.Findings.Warn(exclusion.Pointer, MetadataCodes.MatchesNothing, $"{table.Name} has no column or nested table '{JsonNames.Shown(exclusion.Name)}'.", "Give the name that the feed has.");
        }
    }

    private string Identifier(string name, string pointer)
    {
        var identifier = JsonNames.Identifier(name, out var repaired);
        if (repaired)
            draft.Findings.Warn(pointer, MetadataCodes.NameRepaired, $"'{JsonNames.Shown(name)}' is no name that OData knows: the table is called {identifier}.", "Use letters, digits and underscores.");
        return identifier;
    }
}
