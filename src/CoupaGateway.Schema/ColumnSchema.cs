using System.Collections.Immutable;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema;

/// <summary>One column of a table: its name in the feed and where its value comes from.</summary>
public sealed record ColumnSchema
{
    /// <summary>Name in the table and in the feed: a legal OData identifier, with underscores.</summary>
    public required string Name { get; init; }

    public required ColumnType Type { get; init; }

    public ColumnKind Kind { get; init; } = ColumnKind.Field;

    /// <summary>
    /// JSON keys from the table's element down to the value, in Coupa's hyphenated spelling: <c>["supplier", "name"]</c>,
    /// <c>["status", "from"]</c>. Empty unless <see cref="Kind"/> is <see cref="ColumnKind.Field"/>. A record may spell a key with
    /// underscores instead: both are one.
    /// </summary>
    public ImmutableArray<string> Path { get; init; } = [];

    /// <summary>Name of the table whose key this column repeats; only for <see cref="ColumnKind.AncestorKey"/>.</summary>
    public string? Ancestor { get; init; }

    /// <summary>Whether the column is part of the table's key. Key columns are never null.</summary>
    public bool IsKey { get; init; }

    /// <summary>First Coupa release that has the field (<c>R33</c>); null for R21 or older.</summary>
    public string? Since { get; init; }

    /// <summary>The values Coupa documents for the field; empty when it is not an enumeration.</summary>
    public ImmutableArray<string> AllowedValues { get; init; } = [];

    /// <summary>What the column means, in a sentence; null when the name says it all.</summary>
    public string? Description { get; init; }

    /// <summary>Who says that the column exists.</summary>
    public SchemaSource Source { get; init; } = SchemaSource.Catalogue;

    /// <summary>The catalogue's field behind the column; null for columns that the catalogue does not have (observed and custom ones) and for keys of ancestors.</summary>
    public FieldOrigin? Origin { get; init; }

    /// <summary>What is done to the values before they are stored; null for nothing: they are in clear.</summary>
    public PseudonymMark? Pseudonym { get; init; }

    /// <summary>
    /// Whether the values are tokens and nothing else, whose order means nothing. The order of a key means nothing either when its ids are pseudonymized, but it is the order of rows and pages, which clients
    /// ask for and compare with.
    /// </summary>
    public bool IsTokenOnly => !IsKey && Pseudonym?.IsToken == true;
}
