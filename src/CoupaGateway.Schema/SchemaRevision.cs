using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CoupaGateway.Schema;

/// <summary>All tables of one connection at one time. Immutable: a changed schema is a new revision.</summary>
public sealed class SchemaRevision
{
    private readonly FrozenDictionary<string, TableSchema> _byName;

    /// <param name="system">Of <see cref="SystemTables.All"/> those that are served; null for all.</param>
    /// <exception cref="ArgumentException">Two tables share a name.</exception>
    public SchemaRevision(IEnumerable<TableSchema> tables, ImmutableArray<TableSchema>? system = null)
    {
        Tables = [.. tables];
        System = system ?? SystemTables.All;
        _byName = Tables.ToFrozenDictionary(static table => table.Name, StringComparer.Ordinal);
        Fingerprint = SchemaFingerprint.Of(Tables.AddRange(System));
    }

    /// <summary>The tables, each API table followed by its nested tables, parents before children.</summary>
    public ImmutableArray<TableSchema> Tables { get; }

    /// <summary>The system tables that are served with them.</summary>
    public ImmutableArray<TableSchema> System { get; }

    /// <summary>What readers see: the tables, and those of <see cref="System"/> whose names no table has.</summary>
    public ImmutableArray<TableSchema> Served => Tables.AddRange(System.Where(table => !_byName.ContainsKey(table.Name)));

    /// <summary>Names what readers see of all tables, their shape and descriptions: one EDM serves all connections that share it, whatever the keys of their pseudonyms.</summary>
    public string Fingerprint { get; }

    public bool TryGetTable(string name, [NotNullWhen(true)] out TableSchema? table) => _byName.TryGetValue(name, out table);

    /// <summary>The table itself and everything nested in it, parents before children: what one record of the resource fills.</summary>
    public ImmutableArray<TableSchema> Family(string apiTable) => [.. Tables.Where(table => table.Root == apiTable)];
}
