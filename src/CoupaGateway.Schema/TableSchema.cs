using System.Collections.Immutable;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema;

/// <summary>
/// One relational table. An API table stands for a Coupa resource (one row a record); a nested table stands for an array or object inside
/// the records of its parent (one row an element).
/// </summary>
public sealed record TableSchema
{
    private readonly ImmutableArray<ColumnSchema> _columns;

    // Derived from Name, Columns and Resource; their initializers reset it, because a copy made by 'with' starts with the original's value.
    private string? _fingerprint;

    /// <summary>Name of the table, of its entity set, and part of its cache keys.</summary>
    public required string Name
    {
        get;
        init
        {
            field = value;
            _fingerprint = null;
        }
    }

    /// <summary>Name of the table that this one is nested in; null for an API table.</summary>
    public string? Parent { get; init; }

    /// <summary>Names of all tables above this one, outermost first; empty for an API table.</summary>
    public ImmutableArray<string> Ancestors { get; init; } = [];

    /// <summary>JSON keys from the parent's element to the array or object that holds this table's elements; empty for an API table.</summary>
    public ImmutableArray<string> NestedPath { get; init; } = [];

    /// <summary>The resource the table is read from; null for a nested table, which comes with its outermost ancestor.</summary>
    public ResourceSchema? Resource
    {
        get;
        init
        {
            field = value;
            _fingerprint = null;
        }
    }

    public string? Description { get; init; }

    /// <summary>Who says that the table exists. Its columns say so each for itself.</summary>
    public SchemaSource Source { get; init; } = SchemaSource.Catalogue;

    /// <summary>
    /// The columns in their order: key columns first (ancestors' keys outermost first, then the own key), then fields, then
    /// <c>_position</c> and <c>_changed_at</c>.
    /// </summary>
    public required ImmutableArray<ColumnSchema> Columns
    {
        get => _columns;
        init
        {
            _columns = value;
            _fingerprint = null;
            Key = [.. value.Where(static column => column.IsKey)];
        }
    }

    /// <summary>
    /// The key columns in order. All are <see cref="ColumnType.Int64"/>. The first one is the key of the outermost ancestor (or the own
    /// key of an API table): chunks are cut and pruned by it.
    /// </summary>
    public ImmutableArray<ColumnSchema> Key { get; private init; }

    /// <summary>
    /// Hash over the names, types, key membership and pseudonyms of all columns, and over where custom tables are read from: two tables with one fingerprint can share chunks.
    /// </summary>
    public string Fingerprint => _fingerprint ??= SchemaFingerprint.Of(this);

    /// <summary><see cref="PseudonymMark.Signature"/> of each column that has one, by the column's name.</summary>
    public ImmutableSortedDictionary<string, string> PseudonymSignatures => Columns.Where(static column => column.Pseudonym is not null)
        .ToImmutableSortedDictionary(static column => column.Name, static column => column.Pseudonym!.Signature, StringComparer.Ordinal);

    /// <summary>Fingerprint of the whole table that this one is a part of, which its chunks may carry; null for a whole table.</summary>
    public string? NarrowedFrom { get; private init; }

    /// <summary>The table with some of its columns only; those of the key stay.</summary>
    public TableSchema Narrow(IReadOnlySet<string> columns) => this with
    {
        Columns = [.. Columns.Where(column => column.IsKey || columns.Contains(column.Name))],
        NarrowedFrom = NarrowedFrom ?? Fingerprint,
    };

    /// <summary>The API table at the top: itself, or its outermost ancestor.</summary>
    public string Root => Ancestors.IsEmpty ? Name : Ancestors[0];
}
