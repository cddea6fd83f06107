using System.Collections.Concurrent;
using System.Text.Json;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Queries;

namespace CoupaGateway.Sandbox.Records;

/// <summary>Makes projections: the default of a class, and those that a request asks for.</summary>
/// <param name="release">The release that the tenant runs; newer fields do not exist.</param>
/// <param name="shownRelease">Fields newer than this release appear only when named.</param>
internal sealed class Projections(int release, int shownRelease)
{
    // A document, its lines, and what hangs on a line.
    private const int Levels = 3;

    private static readonly HashSet<string> NoNames = [];

    private readonly ConcurrentDictionary<(ApiClass, int), Projection> _full = new();
    private readonly ConcurrentDictionary<(ApiClass, bool), Projection> _short = new();
    private readonly ConcurrentDictionary<(ApiClass, string), (Projection Projection, int Unknown)> _asked = new();
    private readonly ConcurrentDictionary<string, long> _unknown = new(StringComparer.Ordinal);

    /// <summary>Names that requests asked for in <c>fields</c> and no class has, with how often.</summary>
    public IReadOnlyDictionary<string, long> UnknownNames => _unknown;

    public bool RejectUnknown { get; set; }

    public bool Exists(ApiField field) => field.Since <= release;

    /// <summary>All fields of a record and of the rows nested in it; objects that it refers to are short.</summary>
    public Projection Full(ApiClass cls, int level = 0) => _full.GetOrAdd((cls, level), key => MakeFull(key.Item1, key.Item2));

    /// <summary>A short object.</summary>
    public Projection Short(ApiClass cls, bool inner = false) => _short.GetOrAdd((cls, inner), key => MakeShort(key.Item1, key.Item2));

    /// <summary>All that a row has: fields that must be named too, and every scalar of the objects that it refers to; not what is nested in it.</summary>
    public Projection Row(ApiClass cls) => new(
    [
        .. cls.Fields.Where(f => Exists(f) && f.Kind != FieldKind.Array).Select(f => new ProjectionItem(f, f switch
        {
            { Class: null } => null,
            { Kind: FieldKind.Change } => Short(f.Class),
            _ => Scalars(f.Class),
        })),
    ]);

    public Projection Limited(ApiClass cls) => new([new ProjectionItem(cls.Find("id")!, null)], NoNames, NoNames);

    /// <summary>Scalars and the ids of the objects.</summary>
    public Projection Shallow(ApiClass cls) => new(
    [
        .. cls.Fields.Where(f => Exists(f) && !f.OnlyWhenNamed && f.Kind != FieldKind.Array && f.Kind != FieldKind.Change)
            .Select(f => new ProjectionItem(f, f.Class?.Find("id") is null ? null : Limited(f.Class))),
    ]);

    /// <summary>Reads the <c>fields</c> parameter.</summary>
    /// <exception cref="BadRequestException">The parameter is not a JSON array of names and objects.</exception>
    public Projection Parse(ApiClass cls, string fields, CustomFields custom)
    {
        if (_asked.TryGetValue((cls, fields), out var known) && known.Unknown == 0)
            return known.Projection;
        try
        {
            using var document = JsonDocument.Parse(fields);
            var before = _unknown.Count;
            var projection = Read(cls, document.RootElement, custom, 0);
            if (_asked.Count > 200)
                _asked.Clear();
            _asked[(cls, fields)] = (projection, _unknown.Count - before);
            return projection;
        }
        catch (JsonException)
        {
            throw new BadRequestException("fields", "is not valid JSON");
        }
    }

    private Projection Scalars(ApiClass cls) => new([.. cls.Fields.Where(f => Exists(f) && f.IsScalar).Select(f => new ProjectionItem(f, null))], NoNames, NoNames);

    private Projection MakeFull(ApiClass cls, int level) => new(
    [
        .. cls.Fields
            .Where(f => !f.OnlyWhenNamed && Exists(f) && f.Since <= shownRelease && (f.Kind != FieldKind.Array || level < Levels - 1))
            .Select(f => new ProjectionItem(f, Inner(f, level))),
    ]);

    private Projection? Inner(ApiField field, int level) => field.Kind switch
    {
        FieldKind.Array => Full(field.Class!, level + 1),
        FieldKind.Object or FieldKind.Change => field.Class is null ? null : Short(field.Class),
        _ => null,
    };

    private Projection MakeShort(ApiClass cls, bool inner)
    {
        var items = cls.ShortFields.Where(Exists).Select(f => new ProjectionItem(f, null));

        // A detail that only its parent has shows what it refers to as well.
        if (!cls.IsReference && !inner)
        {
            items = items.Concat(cls.Fields
                .Where(f => f.Kind == FieldKind.Object && f.Class is not null && Exists(f) && !f.OnlyWhenNamed)
                .Select(f => new ProjectionItem(f, Short(f.Class!, inner: true))));
        }

        return new Projection([.. items], NoNames, NoNames);
    }

    private Projection Read(ApiClass cls, JsonElement list, CustomFields custom, int level)
    {
        if (list.ValueKind == JsonValueKind.Object && !list.EnumerateObject().Any())
            return Full(cls, Math.Min(level, Levels - 1));
        if (list.ValueKind != JsonValueKind.Array)
            throw new BadRequestException("fields", "must be an array");
        var items = new List<ProjectionItem>();
        var root = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlySet<string>? customNames = null;
        foreach (var entry in list.EnumerateArray())
        {
            switch (entry.ValueKind)
            {
                case JsonValueKind.String:
                    Add(entry.GetString()!, null);
                    break;
                case JsonValueKind.Object:
                    foreach (var pair in entry.EnumerateObject())
                        Add(pair.Name, pair.Value);
                    break;
                default:
                    throw new BadRequestException("fields", "holds names and objects only");
            }
        }

        return new Projection(items, root, customNames);

        void Add(string name, JsonElement? inner)
        {
            var field = cls.Find(name);
            if (field is null || !Exists(field))
            {
                if (custom.Of(cls, atRoot: true).FirstOrDefault(f => f.Name == ApiClass.Normalize(name)) is { } own)
                    root.Add(own.Name);
                else
                    NoteUnknown($"{cls.Name}.{name}");
                return;
            }

            if (field == cls.CustomFields && inner is { ValueKind: JsonValueKind.Array } names)
                customNames = names.EnumerateArray().Select(n => ApiClass.Normalize(n.ToString())).ToHashSet(StringComparer.Ordinal);
            var projection = field.Class is null ? null
                : inner is { } given ? Read(field.Class, given, custom, level + 1)
                : field.Kind == FieldKind.Array ? Full(field.Class, Math.Min(level + 1, Levels - 1))
                : Short(field.Class);
            items.Add(new ProjectionItem(field, projection));
        }
    }

    private void NoteUnknown(string name)
    {
        if (RejectUnknown)
            throw new BadRequestException("fields", $"{name} is not a field");
        _unknown.AddOrUpdate(name, 1, (_, count) => count + 1);
    }
}
