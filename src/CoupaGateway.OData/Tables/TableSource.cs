using System.Collections.Frozen;
using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.OData.Tables;

/// <summary>Makes the FROM clause of a query: the chunks it reads, with the columns that the schema has today.</summary>
internal sealed class TableSource(IChunkCache chunks, ChunkColumns columns, ISnapshotCatalog catalog)
{
    /// <summary>Opens chunks of a table and of the tables beside it.</summary>
    /// <param name="related">
    /// Tables that are nested in one another with the first one, in the order of <see cref="RelatedTables"/>: the first key column of all has the same value in rows that
    /// belong together, so that only chunks within the keys of the wanted ones are opened.
    /// </param>
    /// <exception cref="FeedException">503: a chunk is gone, or lacks the key, or has other pseudonyms than the schema says, or the disk is full.</exception>
    public async ValueTask<OpenTables> OpenAsync(
        TableSnapshot snapshot, ImmutableArray<ChunkInfo> wanted, ImmutableArray<TableSnapshot> related, CancellationToken cancellationToken)
    {
        var keys = KeyRanges.Any(wanted.Select(static chunk => KeyRanges.Between(chunk.MinKey, chunk.MaxKey)));
        var leases = new List<ChunkLease>(1 + related.Length);
        try
        {
            var (lease, from) = await OpenAsync(snapshot, wanted, cancellationToken);
            leases.Add(lease);
            var names = new List<string>(related.Length);
            foreach (var table in related)
            {
                (lease, var rows) = await OpenAsync(table, table.Within(keys), cancellationToken);
                leases.Add(lease);
                names.Add($"{RelatedTables.Name(names.Count)} AS NOT MATERIALIZED (SELECT * FROM {rows})");
            }

            return new(leases, from, names.Count == 0 ? string.Empty : $"WITH {string.Join(", ", names)} ");
        }
        catch
        {
            leases.ForEach(static lease => lease.Dispose());
            throw;
        }
    }

    private async ValueTask<(ChunkLease Lease, string From)> OpenAsync(TableSnapshot snapshot, ImmutableArray<ChunkInfo> wanted, CancellationToken cancellationToken)
    {
        var table = snapshot.Table;
        if (snapshot.Inline is { } rows && !wanted.IsEmpty)
            return (new ChunkLease([], static () => { }), rows);

        QueryMetrics.Reads(snapshot.Manifest.Table, wanted.Length, snapshot.All.Length - wanted.Length);
        ChunkLease lease;
        try
        {
            lease = await chunks.OpenAsync(snapshot.Manifest.Table, wanted, cancellationToken);
        }
        catch (ChunkMissingException)
        {
            // Whoever loads tables sees it there and loads this one again.
            catalog.ReportDamaged(snapshot.Manifest.Table, snapshot.Manifest.Version);
            throw Damaged(table);
        }

        catch (ChunkCacheFullException)
        {
            // The log says which disk; it is nothing for readers.
            throw FeedException.Unavailable(ErrorCodes.DiskFull, $"The gateway has no room on its disk to read the table '{table.Name}'; try again later.", table.Name);
        }

        try
        {
            if (wanted.IsEmpty)
                return (lease, $"(SELECT {string.Join(", ", table.Columns.Select(static column => Absent(column)))} WHERE FALSE)");

            var paths = string.Join(", ", lease.Paths.Select(SqlText.Path));
            if (IsStoredAs(snapshot))
                return (lease, $"read_parquet([{paths}])");

            var list = string.Join(", ", await AdaptAsync(snapshot, wanted, lease, cancellationToken));
            return (lease, $"(SELECT {list} FROM read_parquet([{paths}], union_by_name = true))");
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Whether the chunks have the columns that the table has today, in the same types.</summary>
    public static bool IsStoredAs(TableSnapshot snapshot) => snapshot.Manifest.SchemaFingerprint == (snapshot.Table.NarrowedFrom ?? snapshot.Table.Fingerprint);

    public static FeedException Damaged(TableSchema table) =>
        FeedException.Unavailable(ErrorCodes.Damaged, $"The table '{table.Name}' is being loaded again; try again later.", table.Name);

    /// <summary>Chunks of another schema: a column that they lack is null, one of another type is converted where its values fit.</summary>
    private async ValueTask<IEnumerable<string>> AdaptAsync(
        TableSnapshot snapshot, ImmutableArray<ChunkInfo> wanted, ChunkLease lease, CancellationToken cancellationToken)
    {
        var table = snapshot.Table;
        var stored = new List<FrozenDictionary<string, string>>(wanted.Length);
        for (var index = 0; index < wanted.Length; index++)
            stored.Add(await columns.ReadAsync(wanted[index].Hash, lease.Paths[index], cancellationToken));

        if (table.Key.Any(key => stored.Exists(chunk => !chunk.ContainsKey(key.Name))))
            throw Damaged(table);

        if (table.Columns.Any(column => stored.Exists(chunk => chunk.ContainsKey(column.Name)) && !IsAsMarked(column, snapshot.Manifest)))
        {
            throw FeedException.Unavailable(
                ErrorCodes.NotLoaded, $"The table '{table.Name}' was loaded before its pseudonymization changed, and is being loaded again; try again later.", table.Name);
        }

        return table.Columns.Select(column => Adapt(column, stored)).ToList();
    }

    /// <summary>Whether what is stored was pseudonymized as the column says today: else it may be clear text, or tokens where clear text is announced.</summary>
    private static bool IsAsMarked(ColumnSchema column, TableManifest manifest) => column.Pseudonym is { } mark
        ? manifest.Pseudonyms?.GetValueOrDefault(column.Name) is { } stored && mark.Accepts(stored)
        : manifest.Pseudonyms?.ContainsKey(column.Name) is not true;

    private static string Adapt(ColumnSchema column, List<FrozenDictionary<string, string>> stored)
    {
        var wanted = StorageTypes.DuckDbName(column.Type);
        var types = stored.Select(chunk => chunk.GetValueOrDefault(column.Name)).Where(static type => type is not null).ToHashSet(StringComparer.Ordinal);
        var name = SqlText.Identifier(column.Name);
        return types.Count switch
        {
            0 => Absent(column),
            1 when types.Contains(wanted) => name,
            _ => $"TRY_CAST({name} AS {wanted}) AS {name}",
        };
    }

    private static string Absent(ColumnSchema column) => $"CAST(NULL AS {StorageTypes.DuckDbName(column.Type)}) AS {SqlText.Identifier(column.Name)}";
}
