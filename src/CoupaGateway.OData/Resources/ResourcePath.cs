using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Errors;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Resources;

/// <summary>What a path leads to. Keys of nested rows begin with those of the rows above, so that a path of any length is one condition on one table.</summary>
/// <param name="IsSingle">Whether it leads to one row.</param>
/// <param name="Above">Rows on the way, which have to be there.</param>
/// <param name="Property">The property of <see cref="ResourcePart.Property"/> and <see cref="ResourcePart.Value"/>.</param>
internal sealed record ResourcePath(RowTarget Target, bool IsSingle, ImmutableArray<RowTarget> Above, ResourcePart Part, IEdmStructuralProperty? Property)
{
    /// <exception cref="FeedException">The path leads to nothing that the feed has.</exception>
    public static ResourcePath Resolve(ODataPath path)
    {
        if (path.FirstSegment is not EntitySetSegment first)
            throw NotSupported(path.FirstSegment);

        var resource = new ResourcePath(RowTarget.All(first.EntitySet), IsSingle: false, Above: [], ResourcePart.Rows, Property: null);
        foreach (var segment in path.Skip(1))
            resource = resource.Follow(segment);
        return resource;
    }

    private ResourcePath Follow(ODataPathSegment segment) => segment switch
    {
        KeySegment key => this with { Target = WithKey(key), IsSingle = true },
        NavigationPropertySegment navigation => Navigate(navigation.NavigationProperty, navigation.NavigationSource),
        NavigationPropertyLinkSegment link => Navigate(link.NavigationProperty, link.NavigationSource) with { Part = ResourcePart.References },
        CountSegment => this with { Part = ResourcePart.Count },
        ReferenceSegment => this with { Part = ResourcePart.References },
        PropertySegment property => this with { Part = ResourcePart.Property, Property = property.Property },
        ValueSegment when Part == ResourcePart.Property => this with { Part = ResourcePart.Value },
        ValueSegment => throw FeedException.BadRequest(ErrorCodes.InvalidUrl, "$value follows a property; rows have no content of their own.", "$value"),
        _ => throw NotSupported(segment),
    };

    private ResourcePath Navigate(IEdmNavigationProperty property, IEdmNavigationSource? source)
    {
        if (source is not IEdmEntitySet set)
            throw FeedException.NotImplemented($"The path segment '{property.Name}' is not supported.", property.Name);

        var isCollection = property.Type.IsCollection();
        var key = isCollection ? Target.Key : Target.Key[..set.EntityType.DeclaredKey.Count()];
        return this with { Target = new(set, key), IsSingle = !isCollection, Above = Above.Add(Target) };
    }

    private RowTarget WithKey(KeySegment segment)
    {
        var values = segment.Keys.ToDictionary(static pair => pair.Key, static pair => Number(pair.Value), StringComparer.Ordinal);
        var key = Target.Set.EntityType.DeclaredKey.Select(property => values[property.Name]).ToImmutableArray();
        if (!key.AsSpan(0, Target.Key.Length).SequenceEqual(Target.Key.AsSpan()))
            throw FeedException.NotFound("No row with this key is nested in that row.", Target.Set.Name);

        return Target with { Key = key };
    }

    /// <summary>What ODL makes of anything but a number is no key.</summary>
    private static long Number(object? value) => value is long or int or short or byte
        ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
        : throw FeedException.BadRequest(ErrorCodes.InvalidUrl, "The key in the path is no whole number.");

    private static FeedException NotSupported(ODataPathSegment segment)
    {
        var name = string.IsNullOrEmpty(segment.Identifier) ? segment.GetType().Name : segment.Identifier;
        return FeedException.NotImplemented($"The path segment '{name}' is not supported.", name);
    }
}
