namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>The disk on which chunks are written is full: an operator has to make room or to set <see cref="ChunkWritingOptions.Folder"/> to a larger one.</summary>
public sealed class StagingFullException(string folder, Exception? inner = null)
    : IOException($"No space left for new chunks in {Path.GetFullPath(folder)}: make room there, or set Chunks:Folder to a larger disk.", inner)
{
    // DuckDB tells by words only, and those are the system's.
    private static readonly string[] Causes = ["No space left on device", "File too large", "Disk quota exceeded", "not enough space on the disk"];

    internal static bool IsCause(string message) => Causes.Any(cause => message.Contains(cause, StringComparison.OrdinalIgnoreCase));
}
