namespace CoupaGateway.Schema.Catalogue;

/// <summary>A field that a projection asks for, with those of its fields that are wanted.</summary>
internal sealed class ProjectionNode
{
    /// <summary>An unwanted object or array weighs as much as so many unwanted scalars.</summary>
    private const double ObjectWeight = 5;

    /// <summary>Elements that refer to so many objects are the lines of a document; of other arrays, most are empty.</summary>
    private const int ObjectsOfLines = 8;

    /// <summary>Lines that a document is taken to have. Other arrays count as one element.</summary>
    private const double Lines = 5;

    /// <summary>What may be left out of an answer unless it is named is the worst of all costs.</summary>
    private const double LossWeight = 50;

    // Quotes and braces become three characters each in a URL; brackets, comma and colon stay.
    private const int Quotes = 6;
    private const int Brackets = 2;
    private const int Braces = 6;

    /// <summary>Fields that came with this release or later are left out unless they are named (Coupa's article on "fields" of November 2021: "newly added fields").</summary>
    private static readonly CoupaRelease NamedOnly = CoupaRelease.TryParse("R32", out var release) ? release : default;

    private readonly CatalogueData _data;
    private readonly FieldDefinition? _field;
    private readonly string? _class;

    private readonly ProjectionNode? _parent;
    private readonly int _nameLength;

    // To shorten a projection asks for these of every node again and again.
    private int? _listLength;
    private double? _cost;

    private ProjectionNode(CatalogueData data, ProjectionNode? parent, string name, FieldDefinition? field, string? className)
    {
        (_data, _parent, _field, _class) = (data, parent, field, className);
        _nameLength = Uri.EscapeDataString(name).Length;
    }

    public OrderedDictionary<string, ProjectionNode> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether it is asked for without naming its fields. What is open always is.</summary>
    public bool IsWhole
    {
        get => field || IsOpen;
        set
        {
            field = value;
            _parent?.ForgetLength();
        }
    }

    /// <summary>Whether it holds the customer's own fields (<c>custom-fields</c>), whose names nobody knows before they are seen.</summary>
    public bool IsOpen => _field is { Type: "object", Class: null };

    /// <summary>Length of the list of the children, encoded for a URL.</summary>
    public int ListLength => _listLength ??= Brackets + Children.Values.Sum(static child => child._nameLength + child.RestLength) + Math.Max(0, Children.Count - 1);

    /// <summary>Characters that asking for the whole saves.</summary>
    public int Saving => ListLength - Braces;

    /// <summary>How many fields, in a record of the API, come unwanted when the whole is asked for; a lost one counts for many. Counted once, when all fields are there.</summary>
    public double Cost => _cost ??= FindCost();

    /// <summary>How many of these a record of the API has.</summary>
    private double Elements => (_parent?.Elements ?? 1) * (_field?.Type == "array" && Children.Values.Count(static child => child.Children.Count > 0) >= ObjectsOfLines ? Lines : 1);

    private bool IsNamedOnly => CoupaRelease.TryParse(_field?.Since, out var since) && since >= NamedOnly;

    private int RestLength => Quotes + (IsOpen ? Braces + 1 + Braces : Children.Count == 0 ? 0 : Braces + 1 + (IsWhole ? Braces : ListLength));

    public static ProjectionNode Root(string? className, CatalogueData data) => new(data, parent: null, name: "", field: null, className);

    /// <summary>Adds a path and gives its last node. A change is asked for by its name: its sides are its value, not fields of a class.</summary>
    public ProjectionNode Add(params ReadOnlySpan<string> path)
    {
        var node = this;
        foreach (var key in path)
        {
            if (node._field?.Type == "change")
            {
                break;
            }

            node = node.Child(key);
        }

        return node;
    }

    /// <summary>Asks for the customer's own fields, where the class has some.</summary>
    public void AddOpenFields()
    {
        foreach (var field in _class is null ? [] : _data.Classes[_class].Where(static field => field is { Type: "object", Class: null, IsReadable: true }))
            Child(field.Name);
    }

    /// <summary>The objects and arrays below, as far down as fields are named.</summary>
    /// <param name="wholeOnes">Those that are asked for as a whole, or else those that are not.</param>
    public IEnumerable<ProjectionNode> Objects(bool wholeOnes = false)
    {
        foreach (var child in Children.Values.Where(static child => child.Children.Count > 0))
        {
            if (child.IsWhole == wholeOnes)
            {
                yield return child;
            }

            if (!child.IsWhole)
            {
                foreach (var inner in child.Objects(wholeOnes))
                {
                    yield return inner;
                }
            }
        }
    }

    private double FindCost()
    {
        if (Children.Count == 0)
        {
            return 0;
        }

        var unwanted = _class is null ? 0 : _data.Classes[_class]
            .Where(other => other.IsReadable && !Children.ContainsKey(ColumnNames.Argument(other.Name)))
            .Sum(static other => other.Class is null ? 1 : ObjectWeight);
        var lost = Children.Values.Count(static child => child.IsNamedOnly) * LossWeight;
        return ((unwanted + lost) * Elements) + Children.Values.Sum(static child => child.Cost);
    }

    private void ForgetLength()
    {
        for (var node = this; node is not null; node = node._parent)
            node._listLength = null;
    }

    private ProjectionNode Child(string key)
    {
        var name = ColumnNames.Argument(key);
        if (!Children.TryGetValue(name, out var child))
        {
            var field = _class is null ? null : _data.Classes[_class].FirstOrDefault(field => ColumnNames.Argument(field.Name) == name);
            child = new ProjectionNode(_data, this, name, field, field?.Class);
            Children.Add(name, child);
            ForgetLength();
        }

        return child;
    }
}
