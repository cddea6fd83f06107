namespace CoupaGateway.Snapshots.Chunks.Replacing;

/// <summary>What is to be replaced in a range of root keys (the first key column).</summary>
public sealed record RangeReplacement
{
    /// <summary>First root key of the range.</summary>
    public long First { get; init; } = long.MinValue;

    /// <summary>Last root key of the range, included.</summary>
    public long Last { get; init; } = long.MaxValue;

    /// <summary>Files with the rows so far: all that there are of the range, and none of another one.</summary>
    public required IReadOnlyList<string> Old { get; init; }

    /// <summary>Files with new rows; those outside the range are left alone.</summary>
    public required IReadOnlyList<string> New { get; init; }

    /// <summary>The root keys whose rows are replaced: those that were read again, and those that are gone. Null stands for all of the range.</summary>
    public IReadOnlyCollection<long>? Roots { get; init; }

    /// <summary>Writes the files even when nothing is different: to put small chunks together.</summary>
    public bool Rewrite { get; init; }
}
