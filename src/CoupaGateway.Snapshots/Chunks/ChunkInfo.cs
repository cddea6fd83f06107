namespace CoupaGateway.Snapshots.Chunks;

/// <summary>What a manifest says of one immutable Parquet chunk.</summary>
/// <param name="Hash">Lower-case hex SHA-256 of the file: its name, and the proof that what was read is what was written.</param>
/// <param name="Rows">Number of rows, at least 1.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="MinKey">Smallest value of the first key column.</param>
/// <param name="MaxKey">Largest value of the first key column. Chunks of a manifest never overlap.</param>
public sealed record ChunkInfo(string Hash, long Rows, long Bytes, long MinKey, long MaxKey);
