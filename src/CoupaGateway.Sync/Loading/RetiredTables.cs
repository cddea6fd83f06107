using System.Globalization;
using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.State;
using CoupaGateway.Sync.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync.Loading;

/// <summary>
/// Drops the snapshots of tables that have left a connection's schema: custom metadata was changed, tables were deselected. Not at once, so that a change that is taken
/// back costs no load, and a gateway of another release, whose schema may be another, takes nothing away while both run: any that still has the table resets the time.
/// </summary>
internal sealed class RetiredTables(
    ISnapshotStore store, IDocumentStore documents, IInstanceClocks clocks, IOptions<LoadOptions> options, TimeProvider time, ILogger<RetiredTables> logger)
{
    /// <summary>Since when a table is not in the schema, by its name.</summary>
    internal const string Collection = "retired";

    private const string Format = "O";

    /// <param name="schema">The schema in force: a connection whose schema is not known yet has no retired tables.</param>
    public async Task TidyAsync(string connection, SchemaRevision schema, CancellationToken cancellationToken)
    {
        var stored = await store.ListTablesAsync(connection, cancellationToken);
        var retired = stored.Select(static table => table.Table).Where(table => !IsInUse(schema, table)).ToHashSet(StringComparer.Ordinal);
        var marks = await documents.ListAsync(connection, Collection, cancellationToken);
        await documents.DeleteAsync(connection, Collection, [.. marks.Keys.Where(table => !retired.Contains(table))], cancellationToken);

        var now = time.GetUtcNow();
        foreach (var table in retired)
        {
            if (!marks.TryGetValue(table, out var mark) || !DateTimeOffset.TryParseExact(mark, Format, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var since) || since > now)
            {
                await documents.SetAsync(connection, Collection, table, now.ToString(Format, CultureInfo.InvariantCulture), cancellationToken);
                continue;
            }

            if (since > clocks.OldestKept(now, options.Value.RetiredTablesKept))
                continue;

            await store.DropAsync(new TableId(connection, table), cancellationToken);
            await documents.DeleteAsync(connection, Collection, [table], cancellationToken);
            Log.Retired(logger, connection, table);
        }
    }

    private static bool IsInUse(SchemaRevision schema, string table) =>
        schema.TryGetTable(table, out _) || SystemTables.All.Any(system => system.Name == table);
}
