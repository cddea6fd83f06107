namespace CoupaGateway.OData.Rows;

/// <summary>What one DuckDB instance may use.</summary>
/// <param name="Threads">Threads that work on a query, the one that asks for rows among them.</param>
/// <param name="MemoryLimit">Native memory, in bytes.</param>
/// <param name="TempLimit">Bytes in <paramref name="TempFolder"/>.</param>
/// <param name="ChunkFolder">Absolute path of the only folder that can be read.</param>
/// <param name="TempFolder">Absolute path of the folder to spill to.</param>
internal sealed record QueryDatabaseConfig(int Threads, long MemoryLimit, long TempLimit, string ChunkFolder, string TempFolder)
{
    /// <summary>Absolute path of a folder that results can be written to; null when there is none.</summary>
    public string? ExportFolder { get; init; }
}
