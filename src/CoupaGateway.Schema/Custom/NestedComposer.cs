using System.Collections.Immutable;
using CoupaGateway.Schema.Catalogue;

namespace CoupaGateway.Schema.Custom;

/// <summary>Adds a nested table, or changes the one that takes the same array already.</summary>
/// <param name="className">Class of the array's elements; null when the catalogue does not know it.</param>
internal sealed class NestedComposer(SchemaDraft draft, TableSchema parent, ImmutableArray<string> path, CustomArray array, string? className)
{
    public void Compose()
    {
        var written = array.DisplayName ?? draft.FindNested(parent.Name, path)?.Name ?? $"{parent.Name}_{ColumnNames.Of(path.AsSpan())}";
        var name = JsonNames.Identifier(written, out var repaired);
        if (array.AvailableSince is { } since && since > draft.Release)
        {
            draft.LeaveOut(name, null, SchemaSource.Custom, $"Available since {since}; the connection's API version is {draft.Release}.");
            draft.Findings.Tell(array.Pointer, MetadataCodes.Newer, $"{name} is left out: it is available since {since}, and the connection's API version is {draft.Release}.", "Raise the API version when the instance has it.");
            return;
        }

        if (repaired)
            draft.Findings.Warn(array.Pointer, MetadataCodes.NameRepaired, $"'{JsonNames.Shown(written)}' is no name that OData knows: the table is called {name}.", "Use letters, digits and underscores.");

        if (draft.Find(name) is { } known)
        {
            if (known.Parent == parent.Name && JsonKeys.Equal(known.NestedPath, path))
                Extend(known);
            else
                Taken(name);
        }
        else if (SystemTables.All.Any(table => table.Name == name) || ClassPaths.ClassOf(name) is not null)
        {
            Taken(name);
        }
        else if (parent.Ancestors.Length + 1 > MetadataLimits.TableDepth)
        {
            draft.Findings.Error(array.Pointer, MetadataCodes.TooDeep, $"{name} has more than {MetadataLimits.TableDepth} tables above it.", "Nest fewer tables into each other.");
        }
        else
        {
            Add(name);
        }
    }

    private void Extend(TableSchema known)
    {
        var content = new ContentComposer(draft, known, isNew: false) { Pointer = array.Pointer };
        content.Add(array.Content, []);
        if (content.ToTable() is not { } table)
            return;

        draft.Replace(table with { Description = array.Description ?? table.Description });
        content.AddNested();
    }

    private void Add(string name)
    {
        var content = new ContentComposer(draft, new TableSchema
        {
            Name = name,
            Parent = parent.Name,
            Ancestors = parent.Ancestors.Add(parent.Name),
            NestedPath = path,
            Source = SchemaSource.Custom,
            Description = array.Description,
            Columns = [],
        }, isNew: true)
        { Pointer = array.Pointer, Class = className };
        content.Add(array.Content, []);
        if (content.ToTable() is not { } table)
            return;

        if (draft.TryAdd(table))
            content.AddNested();
        else
            draft.Findings.Error(array.Pointer, MetadataCodes.TooMany, $"The document adds more than {MetadataLimits.Tables} tables.", "Add fewer.");
    }

    private void Taken(string name) => draft.Findings.Error(
        array.Pointer, MetadataCodes.NameTaken, $"There is a table {name} already, which takes something else.", "Give the array another displayName.");
}
