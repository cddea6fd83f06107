using System.Collections.Immutable;
using System.Text.Json;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Sources;

namespace CoupaGateway.Sync.Sampling;

internal sealed class RecordSampler(NewestRecords newest, IPseudonymKeyring keyring, TimeProvider time) : IRecordSampler
{
    public async Task<RecordSample> SampleAsync(ConnectionConfig connection, ImmutableArray<TableSchema> family, int records, CancellationToken cancellationToken)
    {
        var secrets = keyring.OpenFor(connection.Name, family);
        using var pseudonyms = new Pseudonymizer(family, secrets);
        var plan = FlattenPlan.Compile(family, pseudonyms);
        using var flattener = new Flattener(plan, time.GetUtcNow());
        var count = 0;
        ImmutableArray<string> untaken = [];
        await foreach (var (page, isAsGiven) in newest.ReadAsync(connection, family[0], cancellationToken))
        {
            using (page)
            {
                if (isAsGiven)
                    untaken = FindUntaken(page, plan);
                else
                    count = flattener.Add(page.Json.Span).Records;
            }
        }

        var findings = flattener.Findings;
        return new RecordSample(count, findings.UnusableRecords, findings.BadValueCount, [.. flattener.Rows.Select(rows => Show(rows, flattener.Rows[0], records))], untaken);
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
