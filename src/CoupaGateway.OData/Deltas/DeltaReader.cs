using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using Microsoft.OData;

namespace CoupaGateway.OData.Deltas;

/// <summary>Opens the results that changes are made of. Only chunks that changed are read, and the deletions since.</summary>
internal sealed class DeltaReader(TableSource source, IQueryEngine engine)
{
    private const string Gone = "d";

    /// <param name="part">One of those that <see cref="DeltaPart"/> names.</param>
    /// <param name="take">Rows that are wanted; one more tells whether there are more.</param>
    /// <param name="skip">Rows of the part before them.</param>
    /// <param name="isFirst">Whether nothing was written yet.</param>
    /// <returns>Null for a part that has nothing.</returns>
    public async ValueTask<DeltaPart?> OpenAsync(FeedRequest request, DeltaQuery delta, int part, int take, long skip, bool isFirst, CancellationToken cancellationToken)
    {
        var opened = part switch
        {
            DeltaPart.Changed => await ChangedAsync(request, delta, take, skip, !isFirst, cancellationToken),
            DeltaPart.Left => delta.Rows.Filter is null ? null : await LeftAsync(request, delta, take, skip, !isFirst, cancellationToken),
            _ => delta.Deletions is null ? null : await DeletedAsync(request, delta, take, skip, !isFirst, cancellationToken),
        };
        return opened;
    }

    private ValueTask<DeltaPart> ChangedAsync(FeedRequest request, DeltaQuery delta, int take, long skip, bool isContinuation, CancellationToken cancellationToken)
    {
        var query = delta.WithKey();
        return RowsAsync(delta, query, query.Filter is null ? null : $"({query.Filter})", take, skip, columns => query.RowFormat(request.Root, columns), isContinuation, cancellationToken);
    }

    private ValueTask<DeltaPart> LeftAsync(FeedRequest request, DeltaQuery delta, int take, long skip, bool isContinuation, CancellationToken cancellationToken)
    {
        var query = delta.Rows with { Select = delta.Rows.Format.Version == ODataVersion.V401 ? SelectPlan.Nothing with { Columns = delta.Table.Key } : SelectPlan.Nothing };
        return RowsAsync(delta, query, $"(({query.Filter}) IS NOT TRUE)", take, skip, columns => RemovedFormat(request, query, columns, "changed"), isContinuation, cancellationToken);
    }

    private async ValueTask<DeltaPart> RowsAsync(
        DeltaQuery delta, CollectionQuery query, string? condition, int take, long skip, Func<ImmutableArray<RowColumn>, JsonRowFormat> format, bool isContinuation, CancellationToken cancellationToken)
    {
        var since = $"({RowReference.MainAlias}.{SqlText.Identifier(SystemColumns.ChangedAt)} > {query.Parameters.Add(delta.Since, SqlKind.DateTime)})";
        var changed = query with
        {
            Snapshot = query.Snapshot with { Manifest = query.Snapshot.Manifest with { Chunks = delta.Chunks } },
            Filter = condition is null ? since : $"{since} AND {condition}",
            Token = null,
            PageSize = take,
            Skip = skip,
        };
        var plan = PagePlan.Create(changed);
        var tables = await source.OpenAsync(changed.Snapshot, plan.Chunks, related: [], cancellationToken);
        return await StartAsync(plan.ToQuery(tables), format(plan.Columns), [tables], isContinuation, cancellationToken);
    }

    /// <summary>What was deleted and has come again is in a chunk that changed, and no deletion.</summary>
    private async ValueTask<DeltaPart> DeletedAsync(FeedRequest request, DeltaQuery delta, int take, long skip, bool isContinuation, CancellationToken cancellationToken)
    {
        var first = (delta.Since.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        var deletions = await source.OpenAsync(delta.Deletions!, delta.Deletions!.Within(KeyRanges.Between(first + 1, delta.Until)), related: [], cancellationToken);
        var opened = new List<IDisposable> { deletions };
        try
        {
            var rows = await source.OpenAsync(delta.Rows.Snapshot, delta.Chunks, related: [], cancellationToken);
            opened.Add(rows);
            var parameters = delta.Rows.Parameters;
            var keys = string.Join(", ", delta.Table.Key.Select(static key =>
                $"CAST(regexp_extract(key_values, {SqlText.Path($"\"{key.Name}\":\"?(-?[0-9]+)")}, 1) AS BIGINT) AS {SqlText.Identifier(key.Name)}"));
            var same = string.Join(" AND ", delta.Table.Key.Select(static key => $"{RowReference.MainAlias}.{SqlText.Identifier(key.Name)} = {Gone}.{SqlText.Identifier(key.Name)}"));
            var list = string.Join(", ", delta.Table.Key.Select(static key => $"{Gone}.{SqlText.Identifier(key.Name)}"));
            var sql = string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT {list} FROM (SELECT DISTINCT {keys} FROM {deletions.From} AS r WHERE table_name = {parameters.Add(delta.Table.Name, SqlKind.String)} AND deletion_id > {parameters.Add(first, SqlKind.Int64)} AND deletion_id <= {parameters.Add(delta.Until, SqlKind.Int64)}) AS {Gone} WHERE NOT EXISTS (SELECT 1 FROM {rows.From} AS {RowReference.MainAlias} WHERE {same}) ORDER BY {list} LIMIT {take + 1L} OFFSET {skip}");
            var isHidden = delta.Rows.Format.Version != ODataVersion.V401;
            ImmutableArray<RowColumn> columns = [.. delta.Table.Key.Select(key => new RowColumn(key.Name, RowValueKind.Int64, Hidden: isHidden))];
            return await StartAsync(parameters.ToQuery(sql, columns), RemovedFormat(request, delta.Rows, columns, "deleted"), opened, isContinuation, cancellationToken);
        }
        catch
        {
            opened.ForEach(static tables => tables.Dispose());
            throw;
        }
    }

    private async ValueTask<DeltaPart> StartAsync(RowQuery sql, JsonRowFormat format, IReadOnlyList<IDisposable> opened, bool isContinuation, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await engine.OpenAsync(sql with { IsOneOff = true, IsContinuation = isContinuation }, cancellationToken);
            return new(rows, format with { IsContinuation = isContinuation }, opened);
        }
        catch
        {
            foreach (var tables in opened)
                tables.Dispose();
            throw;
        }
    }

    /// <summary>A removed row: a deleted entity of its own in 4.0, in 4.01 the key with the annotation <c>@removed</c>.</summary>
    private static JsonRowFormat RemovedFormat(FeedRequest request, CollectionQuery query, ImmutableArray<RowColumn> columns, string reason) => query.Format.Version == ODataVersion.V401
        ? new() { Annotations = $"\"@removed\":{{\"reason\":\"{reason}\"}}", Ieee754Compatible = query.Format.Ieee754Compatible, Prefix = query.Format.Prefix }
        : new()
        {
            Annotations = $"\"{query.Format.Prefix}context\":{CollectionResponder.JsonString($"{request.ContextUrl}#{query.Set.Name}/$deletedEntity")},\"reason\":\"{reason}\"",
            Prefix = string.Empty,
            Full = new(null, $"{request.Root}/{Uri.EscapeDataString(query.Set.Name)}", [.. query.Table.Key.Select(key => CollectionQuery.IndexOf(columns, key.Name))], []),
        };
}
