using System.Globalization;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Feed;

/// <summary>Counts the rows of a table: from the manifest, or by a query where a filter makes it necessary.</summary>
internal sealed class RowCounter(TableSource source, IQueryEngine engine)
{
    /// <param name="filter">Condition, or null for all rows.</param>
    /// <param name="keys">The values of the first key column that the filter allows.</param>
    /// <param name="parameters">Where the condition's values are.</param>
    public async ValueTask<long> CountAsync(TableSnapshot snapshot, string? filter, KeyRanges keys, SqlParameters parameters, CancellationToken cancellationToken)
    {
        if (filter is null)
            return snapshot.Manifest.Rows;

        var (lease, from) = await source.OpenAsync(snapshot, snapshot.Within(keys), cancellationToken);
        using (lease)
        {
            var query = parameters.ToQuery($"SELECT count(*) FROM {from} AS t WHERE {filter}", [new("count", RowValueKind.Int64)]) with { IsOneOff = snapshot.Inline is not null };
            var row = await engine.ReadRowAsync(query, cancellationToken);
            return Convert.ToInt64(row!.Value[0], CultureInfo.InvariantCulture);
        }
    }
}
