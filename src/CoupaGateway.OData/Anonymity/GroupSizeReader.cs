using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.OData.Anonymity;

/// <summary>One query over one version of the table.</summary>
internal sealed class GroupSizeReader(ISnapshotCatalog catalog, TableSource source, IQueryEngine engine) : IGroupSizes
{
    private static readonly ImmutableArray<(long From, long? To)> Bands = [(1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 99), (100, null)];

    public async ValueTask<GroupSizes> MeasureAsync(string connection, TableSchema table, IReadOnlyList<string> columns, int k, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count, nameof(columns));
        try
        {
            var manifest = catalog.FindCurrent(new(connection, table.Name)) ?? throw TableSource.Damaged(table);
            var snapshot = new TableSnapshot(table, manifest);
            using var tables = await source.OpenAsync(snapshot, snapshot.All, [], cancellationToken);
            var query = new RowQuery
            {
                Sql = Sql(tables.From, columns, k),
                Columns = [.. Enumerable.Range(0, 5 + (2 * Bands.Length)).Select(static place => new RowColumn($"n{place}", RowValueKind.Int64))],
                IsOneOff = true,
            };
            var numbers = (await engine.ReadRowAsync(query, cancellationToken))!.Value.Select(static value => Convert.ToInt64(value, CultureInfo.InvariantCulture)).ToArray();
            return new(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], [.. Bands.Select((band, i) => new GroupSizeBand(band.From, band.To, numbers[5 + (2 * i)], numbers[6 + (2 * i)]))]);
        }
        catch (Exception refusal) when (refusal is FeedException or QueryRejectedException)
        {
            throw new GroupSizesException(refusal.Message, refusal);
        }
    }

    private static string Sql(string from, IReadOnlyList<string> columns, int k)
    {
        var small = string.Create(CultureInfo.InvariantCulture, $"n < {k}");
        var bands = Bands.Select(static band => string.Create(CultureInfo.InvariantCulture, $"n >= {band.From}{(band.To is { } to ? $" AND n <= {to}" : "")}"));
        var counts = new[] { small }.Concat(bands).Select(static condition => $"count(*) FILTER ({condition}), {Sum($" FILTER ({condition})")}");
        return $"WITH g AS (SELECT count(*) AS n FROM {from} GROUP BY {string.Join(", ", columns.Select(SqlText.Identifier))}) "
            + $"SELECT {Sum("")}, count(*), coalesce(min(n), 0), {string.Join(", ", counts)} FROM g";
    }

    private static string Sum(string filter) => $"CAST(coalesce(sum(n){filter}, 0) AS BIGINT)";
}
