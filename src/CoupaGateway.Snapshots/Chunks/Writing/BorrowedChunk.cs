using DuckDB.NET.Native;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>A data chunk that DuckDB owns and lends for one call: letting go of it must not destroy it.</summary>
internal sealed class BorrowedChunk(nint handle) : IDisposable
{
    private readonly DuckDBDataChunk _chunk = new(handle);

    public nint Vector(int column) => NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, column);

    public void SetSize(int rows) => NativeMethods.DataChunks.DuckDBDataChunkSetSize(_chunk, (ulong)rows);

    public void Dispose()
    {
        _chunk.SetHandleAsInvalid();
        _chunk.Dispose();
    }
}
