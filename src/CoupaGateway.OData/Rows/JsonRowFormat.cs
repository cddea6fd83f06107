using System.Collections.Immutable;

namespace CoupaGateway.OData.Rows;

/// <summary>How rows are written as OData JSON.</summary>
internal sealed record JsonRowFormat
{
    /// <summary>What the names of control information begin with in every version.</summary>
    public const string LongPrefix = "@odata.";

    /// <summary>Int64 and Decimal as strings (OData JSON 4.01, section 3.2 <c>IEEE754Compatible</c>).</summary>
    public bool Ieee754Compatible { get; init; }

    /// <summary>What the names of control information begin with; the short form is of OData 4.01.</summary>
    public string Prefix { get; init; } = LongPrefix;

    /// <summary>Leave properties out whose value is null (<c>Prefer: omit-values=nulls</c>).</summary>
    public bool OmitNulls { get; init; }

    /// <summary>Whether the types of dynamic properties are stated, where JSON's own types do not tell them; not with <c>odata.metadata=none</c>.</summary>
    public bool DynamicTypes { get; init; }

    /// <summary>Whether the types of all properties are stated, as with <c>odata.metadata=full</c>.</summary>
    public bool AllTypes { get; init; }

    /// <summary>Whether other rows were written before: a comma goes before the first one.</summary>
    public bool IsContinuation { get; init; }

    /// <summary>Context URL that each row begins with; null for none.</summary>
    public string? Start { get; init; }

    /// <summary>JSON members that come before the properties of a row that stands alone; empty for none.</summary>
    public string Annotations { get; init; } = string.Empty;

    /// <summary>Rows that stand inside each row, after its properties.</summary>
    public ImmutableArray<NestedRows> Expanded { get; init; } = [];

    /// <summary>What writes the rows of a result, by its columns: properties one after the other, unless something else is said.</summary>
    public Func<ImmutableArray<ColumnVector>, JsonRowFormat, IRowWriter> Writer { get; init; } = static (vectors, format) => new RowWriter(vectors, format);

    /// <summary>Control information for <c>odata.metadata=full</c>; null for minimal and none.</summary>
    public FullMetadata? Full { get; init; }

    /// <param name="TypeName">Qualified entity type name, without <c>#</c>; null where nothing but the entity's id is written.</param>
    /// <param name="EntityIdPrefix">Absolute URL of the entity set, e.g. <c>https://host/odata/demo/invoices</c>; the key predicate is appended.</param>
    /// <param name="Key">Indexes into the result's columns of the key properties, in key order (they may be hidden columns).</param>
    /// <param name="Navigation">Names of the navigation properties, for navigation and association links.</param>
    internal sealed record FullMetadata(string? TypeName, string EntityIdPrefix, ImmutableArray<int> Key, ImmutableArray<string> Navigation);
}
