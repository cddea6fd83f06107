using System.Globalization;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Feed;

/// <summary>Counts the rows of a table: from the manifest, or by a query where a filter makes it necessary.</summary>
internal sealed class RowCounter(TableSource source, IQueryEngine engine)
{
    public async ValueTask<long> CountAsync(RowCondition rows, CancellationToken cancellationToken)
    {
        var snapshot = rows.Snapshot;
        if (rows.Filter is null)
            return snapshot.Manifest.Rows;

        using var tables = await source.OpenAsync(snapshot, snapshot.Within(rows.Keys), rows.Related, cancellationToken);
        var query = rows.Parameters.ToQuery($"{tables.With}SELECT count(*) FROM {rows.From(tables)} AS {RowReference.MainAlias} WHERE {rows.Filter}", [new("count", RowValueKind.Int64)]) with
        {
            IsOneOff = snapshot.Inline is not null,
        };
        var row = await engine.ReadRowAsync(query, cancellationToken);
        return Convert.ToInt64(row!.Value[0], CultureInfo.InvariantCulture);
    }
}
