using System.Collections.Immutable;
using System.Text.Json;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Sources;

namespace CoupaGateway.Sync.Sampling;

internal sealed class RecordSampler(IRecordSourceFactory sources, IPseudonymKeyring keyring, TimeProvider time) : IRecordSampler
{
    /// <summary>Ids before the last one in which the newest records are looked for first: gaps between ids are common.</summary>
    private const long NewestIds = 500;

    public async Task<RecordSample> SampleAsync(ConnectionConfig connection, ImmutableArray<TableSchema> family, int records, CancellationToken cancellationToken)
    {
        var secrets = Pseudonymizer.NeedsSecrets(family) ? keyring.Open(connection.Name) : PseudonymSecrets.None;
        using var pseudonyms = new Pseudonymizer(family, secrets);
        var plan = FlattenPlan.Compile(family, pseudonyms);
        var root = family[0];
        var source = sources.Create(connection, root, RecordQuery.All);
        if (await source.ProbeRangeAsync(cancellationToken) is not { } range)
            return new RecordSample(0, 0, 0, [.. family.Select(static table => new SampledTable(table, 0, [], []))], []);

        using var flattener = new Flattener(plan, time.GetUtcNow());
        var newest = range with { First = Math.Max(range.First, range.Last - NewestIds) };
        var count = 0;
        using (var page = await ReadPageAsync(source, newest, cancellationToken))
        {
            if (page is not null)
                count = flattener.Add(page.Json.Span).Records;
        }

        var asGiven = sources.Create(connection, root with { Resource = root.Resource! with { Projection = null } }, RecordQuery.All);
        using var whole = await ReadPageAsync(asGiven, newest, cancellationToken);
        var untaken = whole is null ? [] : FindUntaken(whole, plan);
        var findings = flattener.Findings;
        return new RecordSample(count, findings.UnusableRecords, findings.BadValueCount, [.. flattener.Rows.Select(rows => Show(rows, flattener.Rows[0], records))], untaken);
    }

    private static async Task<RecordPage?> ReadPageAsync(IRecordSource source, IdRange range, CancellationToken cancellationToken)
    {
        await foreach (var page in source.ReadAsync(range, cancellationToken))
            return page;
        return null;
    }

    private static ImmutableArray<string> FindUntaken(RecordPage page, FlattenPlan plan)
    {
        using var json = JsonDocument.Parse(page.Json);
        return UntakenKeys.Find(json.RootElement, plan);
    }

    /// <summary>The rows of the first records: their keys begin with the key of the record.</summary>
    private static SampledTable Show(RowBuffer rows, RowBuffer roots, int records)
    {
        var table = rows.Table;
        var columns = table.Columns;
        var shown = new HashSet<long>();
        var rootKey = roots.Table.Columns.IndexOf(roots.Table.Key[0]);
        for (var row = 0; row < Math.Min(records, roots.Rows); row++)
            shown.Add(roots.GetInt64(rootKey, row));

        var key = columns.IndexOf(table.Key[0]);
        var some = ImmutableArray.CreateBuilder<ImmutableArray<object?>>();
        for (var row = 0; row < rows.Rows; row++)
        {
            if (shown.Contains(rows.GetInt64(key, row)))
                some.Add([.. columns.Select((_, column) => rows.GetValue(column, row))]);
        }

        bool IsEmpty(int column)
        {
            for (var row = 0; row < rows.Rows; row++)
            {
                if (!rows.IsNull(column, row))
                    return false;
            }

            return true;
        }

        return new SampledTable(table, rows.Rows, some.ToImmutable(), [.. columns.Where((_, column) => IsEmpty(column)).Select(static column => column.Name)]);
    }
}
