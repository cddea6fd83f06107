using System.Collections.Immutable;

namespace CoupaGateway.OData.Rows;

/// <summary>Short forms of what callers of the engine do often.</summary>
internal static class QueryEngineExtensions
{
    /// <summary>The first row as CLR values, see <see cref="ColumnVector.ReadObject"/>: for counts and other single answers. Null when there is no row.</summary>
    public static async ValueTask<ImmutableArray<object?>?> ReadRowAsync(this IQueryEngine engine, RowQuery query, CancellationToken cancellationToken)
    {
        using var rows = await engine.OpenAsync(query, cancellationToken);
        return rows.NextChunk() ? [.. rows.Vectors.Select(static vector => vector.ReadObject(0))] : null;
    }
}
