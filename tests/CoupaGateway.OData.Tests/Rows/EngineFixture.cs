using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using CoupaGateway.OData.Rows;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData.Tests.Rows;

/// <summary>A real engine over a folder of its own.</summary>
internal sealed class EngineFixture : IDisposable
{
    public EngineFixture(Action<QueryOptions>? configure = null, TimeProvider? time = null)
    {
        Folder = Directory.CreateTempSubdirectory("rows-tests-").FullName;
        var options = new QueryOptions { Threads = 2, MaxConcurrent = 4 };
        configure?.Invoke(options);
        Engine = new DuckDbQueryEngine(Options.Create(options), new FolderChunkCache(Folder), time ?? TimeProvider.System);
    }

    public string Folder { get; }

    public DuckDbQueryEngine Engine { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static RowQuery Query(string sql, params (string Name, RowValueKind Kind)[] columns) =>
        new() { Sql = sql, Columns = [.. columns.Select(static column => new RowColumn(column.Name, column.Kind))] };

    /// <summary>Everything that the writer writes, as text.</summary>
    public async Task<(string Json, RowsWritten Written)> WriteAsync(
        RowQuery query, JsonRowFormat? format = null, long limit = long.MaxValue, ImmutableArray<int> token = default)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        using var rows = await Engine.OpenAsync(query, Stop);
        var written = await new JsonRowsWriter().WriteAsync(rows, pipe.Writer, format ?? new JsonRowFormat(), limit, token, Stop);
        await pipe.Writer.CompleteAsync();
        using var copy = new MemoryStream();
        await pipe.Reader.CopyToAsync(copy, Stop);
        return (new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(copy.ToArray()), written);
    }

    public void Dispose()
    {
        Engine.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
