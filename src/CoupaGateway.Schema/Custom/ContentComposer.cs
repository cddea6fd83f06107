using System.Collections.Immutable;
using CoupaGateway.Schema.Catalogue;

namespace CoupaGateway.Schema.Custom;

/// <summary>Puts columns and nested tables into one table.</summary>
internal sealed class ContentComposer(SchemaDraft draft, TableSchema table, bool isNew)
{
    private readonly List<ColumnSchema> _fields = [.. table.Columns];

    // Both are of _fields. Columns are only added behind the fields that are there, so places stay what they are until the table is made.
    private readonly Dictionary<string, int> _places = table.Columns.Index().Where(static column => column.Item.Kind == ColumnKind.Field).DistinctBy(static column => JsonKeys.Of(column.Item.Path))
        .ToDictionary(static column => JsonKeys.Of(column.Item.Path), static column => column.Index, StringComparer.Ordinal);
    private readonly HashSet<string> _names = table.Columns.Select(static column => column.Name).ToHashSet(StringComparer.Ordinal);
    private readonly List<(ImmutableArray<string> Path, CustomArray Array)> _arrays = [];
    private readonly List<(CustomColumn Column, ImmutableArray<string> Path)> _keys = [];
    private readonly string? _class = isNew ? null : ClassPaths.ClassOf(table.Name);
    private bool _failed;

    /// <summary>Where the table stands in the document.</summary>
    public string Pointer { get; init; } = "";

    /// <summary>Class of the elements of a new nested table that the catalogue knows; null for none.</summary>
    public string? Class { get; init; }

    public void Add(CustomObject content, ImmutableArray<string> above)
    {
        foreach (var column in content.Columns)
            Add(column, above.Add(column.Name));
        foreach (var field in content.Fields)
            Add(field.Content, above.Add(field.Name));
        foreach (var array in content.Arrays)
            _arrays.Add((above.Add(array.Name), array));
    }

    /// <summary>The table with its columns; null when it cannot be.</summary>
    public TableSchema? ToTable()
    {
        if (isNew)
            return _failed ? null : NewTable();

        if (_fields.Count > SchemaLimits.ColumnsPerTable)
        {
            TooWide();
            return table;
        }

        return table with { Columns = [.. _fields] };
    }

    /// <summary>Adds the tables nested in this one; the table has to be in the draft.</summary>
    public void AddNested()
    {
        foreach (var (path, array) in _arrays)
            new NestedComposer(draft, draft.Find(table.Name)!, path, array, ClassPaths.Find(Class ?? _class, path)?.Field.Class).Compose();
    }

    private void Add(CustomColumn column, ImmutableArray<string> path)
    {
        var name = JsonNames.Identifier(ColumnNames.Of(path.AsSpan()), out var repaired);
        if (column.AvailableSince is { } since && since > draft.Release)
        {
            draft.LeaveOut(table.Name, name, SchemaSource.Custom, $"Available since {since}; the connection's API version is {draft.Release}.");
            draft.Findings.Tell(
                column.Pointer, MetadataCodes.Newer, $"{table.Name}.{name} is left out: it is available since {since}, and the connection's API version is {draft.Release}.", "Raise the API version when the instance has it.");
            return;
        }

        if (column.Pseudonym is { } pseudonym)
            draft.AddRule(table.Name, name, pseudonym);
        if (_places.TryGetValue(JsonKeys.Of(path), out var known))
        {
            Change(known, column, name);
            return;
        }

        if (repaired)
            draft.Findings.Warn(column.Pointer, MetadataCodes.NameRepaired, $"'{JsonNames.Shown(string.Join('.', path))}' makes no name that OData knows: the column is called {name}.", "Nothing needs to be done.");
        if (_names.Contains(name) || ColumnNames.OfAncestor(table.Name) == name || table.Ancestors.Any(ancestor => ColumnNames.OfAncestor(ancestor) == name))
        {
            draft.Findings.Error(column.Pointer, MetadataCodes.NameTaken, $"{table.Name} has a column {name} already, from another place in the record.", "Leave one of them out.");
            _failed = true;
            return;
        }

        var catalogue = ClassPaths.Find(Class ?? _class, path);
        var isScalar = catalogue?.Field.Type is not (null or "object" or "array" or "change");
        Insert(new ColumnSchema
        {
            Name = name,
            Type = column.Type ?? (isScalar ? ClassColumns.TypeOf(catalogue!.Value.Field.Type) : Guess(column, path)),
            Path = path,
            Source = SchemaSource.Custom,
            Since = column.AvailableSince?.ToString(),
            Description = column.Description,
            Origin = isScalar ? new FieldOrigin(catalogue!.Value.Class, catalogue.Value.Field.Name) : null,
        });
        if (!column.IsPrimaryKey)
            return;

        if (isNew)
            _keys.Add((column, path));
        else
            draft.Findings.Error(column.Pointer, MetadataCodes.BadKey, $"The key of {table.Name} is fixed: {string.Join(", ", table.Key.Select(static key => key.Name))}.", "Take primaryKey away.");
    }

    /// <summary>What Coupa has by the same name everywhere; anything else is text unless the document says so.</summary>
    private static ColumnType Guess(CustomColumn column, ImmutableArray<string> path) => path[^1].Replace('-', '_') switch
    {
        "id" => ColumnType.Int64,
        "created_at" or "updated_at" => ColumnType.DateTime,
        _ => column.IsPrimaryKey ? ColumnType.Int64 : ColumnType.String,
    };

    private void Change(int index, CustomColumn column, string name)
    {
        var known = _fields[index];
        if (isNew)
        {
            draft.Findings.Error(column.Pointer, MetadataCodes.ColumnTwice, $"The column {name} is there twice.", "Leave one of them.");
            _failed = true;
            return;
        }

        if (column.IsPrimaryKey && !known.IsKey)
            draft.Findings.Error(column.Pointer, MetadataCodes.BadKey, $"The key of {table.Name} is fixed: {string.Join(", ", table.Key.Select(static key => key.Name))}.", "Take primaryKey away.");
        if (column.Type is { } type && type != known.Type)
        {
            if (known.IsKey)
            {
                draft.Findings.Error(column.Pointer, MetadataCodes.BadKey, $"{table.Name}.{known.Name} is a key, and keys are integers.", "Take the type away.");
                return;
            }

            draft.Findings.Tell(column.Pointer, MetadataCodes.ColumnRetyped, $"{table.Name}.{known.Name} becomes {MetadataTypes.NameOf(type)}; built in it is {MetadataTypes.NameOf(known.Type)}.", "Nothing needs to be done; the table is loaded again.");
            _fields[index] = known with { Type = type, Source = SchemaSource.Custom, AllowedValues = [], Description = column.Description ?? known.Description };
            return;
        }

        _fields[index] = column.Description is null ? known : known with { Description = column.Description };
        if (column is { Description: null, Pseudonym: null })
            draft.Findings.Tell(column.Pointer, MetadataCodes.ColumnKnown, $"{table.Name} has the column {known.Name} already.", "Leave it out of the document.");
    }

    /// <summary>Puts a field before the gateway's own columns.</summary>
    private void Insert(ColumnSchema column)
    {
        var place = _fields.FindIndex(static field => !field.IsKey && field.Kind is ColumnKind.Position or ColumnKind.ChangedAt);
        place = place < 0 ? _fields.Count : place;
        _fields.Insert(place, column);
        _places[JsonKeys.Of(column.Path)] = place;
        _names.Add(column.Name);
    }

    private TableSchema? NewTable()
    {
        if (_fields.Count == 0 && _arrays.Count == 0)
        {
            draft.Findings.Error(Pointer, MetadataCodes.NoColumns, $"{table.Name} has no columns.", "Name at least one field in columns.");
            return null;
        }

        if (KeyPath() is not { } keyPath)
            return null;

        var columns = TableColumns.Of(table.Ancestors, [.. _fields], keyPath);
        if (columns.Length <= SchemaLimits.ColumnsPerTable)
            return table with { Columns = columns };

        TooWide();
        return null;
    }

    /// <summary>The path of the own key; null when it cannot be one.</summary>
    private ImmutableArray<string>? KeyPath()
    {
        if (_keys.Count > 1)
        {
            draft.Findings.Error(
                _keys[1].Column.Pointer, MetadataCodes.BadKey, $"{table.Name} has {_keys.Count} primary keys.", "Mark one column; the keys of the tables above are added by themselves.");
            return null;
        }

        ImmutableArray<string> path = _keys.Count == 1 ? _keys[0].Path : ["id"];
        var key = _fields.Find(field => JsonKeys.Equal(field.Path, path));
        if (key is not null && key.Type != ColumnType.Int64)
        {
            draft.Findings.Error(
                _keys.Count == 1 ? _keys[0].Column.Pointer : Pointer, MetadataCodes.BadKey, $"{table.Name}.{key.Name} is the key, and is {MetadataTypes.NameOf(key.Type)}: keys are integers.", "Give the key the type INTEGER, or mark another column.");
            return null;
        }

        if (table.Parent is not null)
            return key?.Path ?? path;

        if (path.Length > 2)
        {
            draft.Findings.Error(_keys[0].Column.Pointer, MetadataCodes.BadKey, "A primary key lies at most one object deep.", "Mark another column.");
            return null;
        }

        // Pages follow the id, whatever the key.
        if (!_fields.Exists(static field => field.Path is [var own] && JsonKeys.Equal(own, "id")))
        {
            draft.Findings.Tell(Pointer, MetadataCodes.KeyAdded, $"The column id is added to {table.Name}: Coupa's records are read in its order.", "Nothing needs to be done.");
            _fields.Insert(0, new ColumnSchema { Name = "id", Type = ColumnType.Int64, Path = ["id"], Source = SchemaSource.Custom });
        }

        return key?.Path ?? path;
    }

    private void TooWide() => draft.Findings.Error(
        Pointer, MetadataCodes.TooWide, $"{table.Name} would have more than {SchemaLimits.ColumnsPerTable} columns.", "Name fewer columns, or put an object into a nested table.");
}
