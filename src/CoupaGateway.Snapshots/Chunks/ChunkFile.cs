namespace CoupaGateway.Snapshots.Chunks;

/// <summary>A Parquet file on local disk that is ready to be uploaded: rows sorted by the table's key.</summary>
/// <param name="Path">Where the file is. Whoever uploads it deletes it afterwards.</param>
/// <param name="Rows">Number of rows, at least 1.</param>
/// <param name="MinKey">Smallest value of the first key column.</param>
/// <param name="MaxKey">Largest value of the first key column.</param>
public sealed record ChunkFile(string Path, long Rows, long MinKey, long MaxKey);
