using System.Collections.Immutable;
using CoupaGateway.OData.Expansion;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Feed;

/// <summary>A request for an entity set, translated: what to select, which rows, in which order, and which page of them.</summary>
internal sealed record CollectionQuery : RowCondition
{
    public required IEdmEntitySet Set { get; init; }

    public required SelectPlan Select { get; init; }

    /// <summary>Whether only the addresses of the rows are wanted.</summary>
    public bool IsReference { get; init; }

    /// <summary>What stands behind the number sign of the context URL of a collection.</summary>
    public string Context => IsReference ? "Collection($ref)" : $"{Set.Name}{Select.ContextSuffix}";

    /// <summary>As <see cref="Context"/>, of a single row.</summary>
    public string SingleContext => IsReference ? "$ref" : $"{Set.Name}{Select.ContextSuffix}/$entity";

    /// <summary>What stands inside the rows.</summary>
    public ExpandPlan Expand { get; init; } = ExpandPlan.None;

    /// <summary>The total order: never empty.</summary>
    public required ImmutableArray<OrderKey> Order { get; init; }

    /// <summary>Name of the query in page tokens.</summary>
    public required string Name { get; init; }

    public required int PageSize { get; init; }

    /// <summary>The key that the condition is about, where it is nothing but that: <c>id eq 5</c>.</summary>
    public long? Point { get; init; }

    /// <summary>Whether all rows are wanted at once, not a page of them.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Rows that <c>$top</c> allows from here on; null without.</summary>
    public long? Remaining { get; init; }

    /// <summary>Rows to leave out before the page.</summary>
    public long Skip { get; init; }

    /// <summary>Where the page begins; null for the first one.</summary>
    public SkipToken? Token { get; init; }

    public bool WithCount { get; init; }

    public required ResponseFormat Format { get; init; }

    /// <summary>Whether properties that are null are left out.</summary>
    public bool OmitNulls { get; init; }

    public TableSchema Table => Snapshot.Table;

    /// <summary>Rows that this page, or the whole, may have.</summary>
    public long Limit => Math.Min(IsWhole ? long.MaxValue : PageSize, Remaining ?? long.MaxValue);

    public JsonRowFormat RowFormat(string root, ImmutableArray<RowColumn> columns) => RowFormat(root, Set, Table, Expand.Links(Select), columns, IsReference);

    /// <summary>As for the query's own rows, for those of any entity set.</summary>
    public JsonRowFormat RowFormat(string root, IEdmEntitySet set, TableSchema table, ImmutableArray<string> navigation, ImmutableArray<RowColumn> columns, bool isReference) => new()
    {
        Ieee754Compatible = Format.Ieee754Compatible,
        Prefix = Format.Prefix,
        OmitNulls = OmitNulls,
        DynamicTypes = Format.Metadata != MetadataLevel.None,
        Full = Format.Metadata != MetadataLevel.Full && !isReference
            ? null
            : new(isReference ? null : set.EntityType.FullName(), $"{root}/{Uri.EscapeDataString(set.Name)}", [.. table.Key.Select(key => IndexOf(columns, key.Name))], navigation),
    };

    public static int IndexOf(ImmutableArray<RowColumn> columns, string name)
    {
        for (var index = 0; index < columns.Length; index++)
        {
            if (columns[index].Name == name)
                return index;
        }

        throw new InvalidOperationException($"The column '{name}' is not selected.");
    }
}
