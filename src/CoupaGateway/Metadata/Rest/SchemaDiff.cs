using System.Collections.Immutable;
using CoupaGateway.Rest;
using CoupaGateway.Schema;

namespace CoupaGateway.Metadata.Rest;

/// <summary>How two schemas differ.</summary>
/// <param name="AddedTables">Names of tables that only the new one has.</param>
/// <param name="RemovedTables">Names of tables that only the old one has.</param>
/// <param name="Columns">Columns of tables that both have.</param>
/// <param name="Reloads">API tables that are loaded anew, each with everything nested in it.</param>
internal sealed record SchemaDiff(ImmutableArray<string> AddedTables, ImmutableArray<string> RemovedTables, ImmutableArray<ColumnDiff> Columns, ImmutableArray<string> Reloads)
{
    public static SchemaDiff Of(SchemaRevision before, SchemaRevision after)
    {
        var changed = after.Tables.Where(table => !before.TryGetTable(table.Name, out var known) || known.Fingerprint != table.Fingerprint).Select(static table => table.Root);
        return new SchemaDiff(
            [.. after.Tables.Where(table => !before.TryGetTable(table.Name, out _)).Select(static table => table.Name)],
            [.. before.Tables.Where(table => !after.TryGetTable(table.Name, out _)).Select(static table => table.Name)],
            [.. after.Tables.SelectMany(table => before.TryGetTable(table.Name, out var known) ? Compare(known, table) : [])],
            [.. changed.Distinct(StringComparer.Ordinal)]);
    }

    private static IEnumerable<ColumnDiff> Compare(TableSchema before, TableSchema after)
    {
        var old = before.Columns.ToDictionary(static column => column.Name, StringComparer.Ordinal);
        foreach (var column in after.Columns)
        {
            if (!old.Remove(column.Name, out var known))
                yield return new ColumnDiff(after.Name, column.Name, ColumnChange.Added, null, EnumNames.Of(column.Type));
            else if (known.Type != column.Type)
                yield return new ColumnDiff(after.Name, column.Name, ColumnChange.Retyped, EnumNames.Of(known.Type), EnumNames.Of(column.Type));
            else if (known.Pseudonym?.Signature != column.Pseudonym?.Signature)
                yield return new ColumnDiff(after.Name, column.Name, ColumnChange.Pseudonym, EnumNames.Of(known.Type), EnumNames.Of(column.Type));
        }

        foreach (var gone in old.Values)
            yield return new ColumnDiff(after.Name, gone.Name, ColumnChange.Removed, EnumNames.Of(gone.Type), null);
    }
}
