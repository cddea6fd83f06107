namespace CoupaGateway.Sync.Runs;

/// <summary>A table is in another run already.</summary>
public sealed class RunConflictException(string table, string runId) : Exception($"{table} is in run {runId} already.")
{
    public string Table { get; } = table;

    /// <summary>The other run.</summary>
    public string RunId { get; } = runId;
}
