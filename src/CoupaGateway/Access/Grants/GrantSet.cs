using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CoupaGateway.Schema;

namespace CoupaGateway.Access.Grants;

/// <summary>
/// What a reader is narrowed to. It narrows the schema itself, before anything is made of it: what is not granted is nowhere, so nothing can be probed.
/// </summary>
internal sealed class GrantSet
{
    private readonly FrozenDictionary<string, Connection> _connections;

    private readonly ImmutableArray<ConnectionGrant> _grants;

    /// <param name="grants">Several grants of one connection or table add up.</param>
    public GrantSet(ImmutableArray<ConnectionGrant> grants)
    {
        _grants = grants;
        _connections = grants.GroupBy(static grant => grant.Connection, StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, static group => new Connection(group), StringComparer.Ordinal);
    }

    public static GrantSet Union(IEnumerable<GrantSet> sets) => new([.. sets.SelectMany(static set => set._grants)]);

    public bool Covers(string connection) => _connections.ContainsKey(connection);

    /// <summary>The granted part of a connection's schema; null when nothing of the connection is granted. Made once for each revision.</summary>
    public SchemaRevision? Narrow(string connection, SchemaRevision schema) =>
        _connections.TryGetValue(connection, out var granted) ? granted.Narrow(schema) : null;

    private sealed class Connection
    {
        /// <summary>The granted columns by table, null for all of a table; null for all tables.</summary>
        private readonly FrozenDictionary<string, FrozenSet<string>?>? _tables;

        private readonly ConditionalWeakTable<SchemaRevision, SchemaRevision> _narrowed = [];

        public Connection(IEnumerable<ConnectionGrant> grants)
        {
            var all = grants.ToList();
            if (all.Exists(static grant => grant.Tables is null))
                return;

            _tables = all.SelectMany(static grant => grant.Tables!.Value)
                .GroupBy(static table => table.Name, StringComparer.Ordinal)
                .ToFrozenDictionary(static group => group.Key, Columns, StringComparer.Ordinal);
        }

        public SchemaRevision Narrow(SchemaRevision schema) => _tables is null ? schema : _narrowed.GetValue(schema, Make);

        private static FrozenSet<string>? Columns(IEnumerable<TableGrant> grants)
        {
            var all = grants.ToList();
            return all.Exists(static grant => grant.Columns is null)
                ? null
                : all.SelectMany(static grant => grant.Columns!.Value).ToFrozenSet(StringComparer.Ordinal);
        }

        /// <summary>The state of the tables tells of those only that are granted; the list of deletions tells of all, and has to be granted itself.</summary>
        private SchemaRevision Make(SchemaRevision schema) => new(
            schema.Tables.Where(table => _tables!.ContainsKey(table.Name)).Select(table => _tables![table.Name] is { } columns ? table.Narrow(columns) : table),
            [.. schema.System.Where(table => ReferenceEquals(table, SystemTables.Meta) || _tables!.ContainsKey(table.Name))]);
    }
}
