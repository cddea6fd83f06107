using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>How rows become Parquet files.</summary>
public sealed class ChunkWritingOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Chunks";

    /// <summary>Rows a chunk should have. The default is 16,384. Rows of one parent stay together, so a chunk may be longer.</summary>
    [Range(1, 1_000_000)]
    public int RowsPerChunk { get; set; } = 16_384;

    /// <summary>Rows of a row group inside a chunk, a multiple of 2,048: what a page or a lookup reads at least. The default is 4,096.</summary>
    [Range(2_048, 1_000_000)]
    public int RowsPerRowGroup { get; set; } = 4_096;

    /// <summary>Where chunks are written before their upload, and where sorting spills to. The default is a folder of its own below the system's temporary folder.</summary>
    [Required]
    public string Folder { get; set; } = Path.Combine(Path.GetTempPath(), "coupa-gateway", "staging");

    /// <summary>Most memory that one writer's DuckDB may use before it spills to <see cref="Folder"/>, in megabytes. The default is 256.</summary>
    [Range(64, 65_536)]
    public int MemoryMegabytes { get; set; } = 256;
}
