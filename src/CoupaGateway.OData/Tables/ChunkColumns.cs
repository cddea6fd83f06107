using System.Collections.Concurrent;
using System.Collections.Frozen;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Tables;

/// <summary>Which columns, of which DuckDB types, a chunk has: asked once per chunk, for tables that were written with another schema.</summary>
internal sealed class ChunkColumns(IQueryEngine engine)
{
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, FrozenDictionary<string, string>> _known = new(StringComparer.Ordinal);

    public async ValueTask<FrozenDictionary<string, string>> ReadAsync(string hash, string path, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(hash, out var known))
            return known;

        var query = new RowQuery
        {
            Sql = $"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet({SqlText.Path(path)}))",
            Columns = [new("name", RowValueKind.String), new("type", RowValueKind.String)],
        };
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var rows = await engine.OpenAsync(query, cancellationToken))
        {
            while (rows.NextChunk())
            {
                for (var row = 0; row < rows.RowCount; row++)
                    columns[(string)rows.Vectors[0].ReadObject(row)!] = (string)rows.Vectors[1].ReadObject(row)!;
            }
        }

        if (_known.Count >= Capacity)
            _known.Clear();
        return _known[hash] = columns.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
