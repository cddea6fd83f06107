using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Expansion;

/// <summary>Opens one query for each level of <c>$expand</c>: they are read side by side, as far as the client reads.</summary>
internal sealed class ExpandReader(IQueryEngine engine, FeedRequest request, CollectionQuery query) : IDisposable
{
    private readonly List<RowReader> _open = [];

    /// <param name="rows">The page's rows.</param>
    /// <param name="with">The WITH clause with those rows as <c>p0</c>, see <see cref="ExpandSql"/>.</param>
    /// <param name="isOneOff">See <see cref="RowQuery.IsOneOff"/>.</param>
    public async ValueTask<ImmutableArray<NestedRows>> OpenAsync(RowReader rows, Func<string> with, bool isOneOff, CancellationToken cancellationToken) =>
        query.Expand.Levels.IsEmpty ? [] : await OpenAsync(query.Expand, query.Set, query.Table, rows, with(), depth: 0, isOneOff, cancellationToken);

    private async ValueTask<ImmutableArray<NestedRows>> OpenAsync(
        ExpandPlan plan, IEdmEntitySet set, Schema.TableSchema table, RowReader above, string with, int depth, bool isOneOff, CancellationToken cancellationToken)
    {
        var nested = ImmutableArray.CreateBuilder<NestedRows>(plan.Levels.Length);
        foreach (var level in plan.Levels)
        {
            var limit = Math.Min(request.Options.MaxExpandRows, request.MaxPageSize);
            var (sql, columns) = ExpandSql.Query(level, depth, limit);
            var rows = await engine.OpenAsync(query.Parameters.ToQuery($"{with} {sql}", columns) with { IsOneOff = isOneOff }, cancellationToken);
            _open.Add(rows);
            var inside = level.Inside.Levels.IsEmpty
                ? []
                : await OpenAsync(level.Inside, level.Set, level.Table, rows, $"{with}, {ExpandSql.Rows(level, depth, limit)}", depth + 1, isOneOff, cancellationToken);
            var format = query.RowFormat(request.Root, level.Set, level.Table, level.Inside.Links(level.Select), columns, level.IsReference) with { Expanded = inside };
            nested.Add(new(rows, format, Format(level, set, table, above.Columns, limit), above.Vectors));
        }

        return nested.MoveToImmutable();
    }

    private NestedFormat Format(ExpandLevel level, IEdmEntitySet set, Schema.TableSchema table, ImmutableArray<RowColumn> above, int limit)
    {
        var top = level.Top is { } wanted ? string.Create(CultureInfo.InvariantCulture, $"{Query.QueryOptionSet.Top}={wanted - limit}&") : string.Empty;
        return new(
            level.Name,
            level.IsCollection,
            level.IsCollection ? limit : 1,
            [.. table.Key.Select(key => CollectionQuery.IndexOf(above, key.Name))],
            $"{request.Root}/{Uri.EscapeDataString(set.Name)}",
            string.Create(CultureInfo.InvariantCulture, $"/{Uri.EscapeDataString(level.Name)}?{level.LinkOptions}{top}$skip={level.Skip + limit}"));
    }

    public void Dispose() => _open.ForEach(static rows => rows.Dispose());
}
