using CoupaGateway.Rest;
using CoupaGateway.Snapshots.Redis.Inspection;

namespace CoupaGateway.Commands;

/// <summary>What <c>check</c> found.</summary>
/// <param name="Configuration">Faults of the configuration; with any, nothing else was looked at.</param>
/// <param name="Folder">What is wrong with the data folder; null when nothing is.</param>
/// <param name="Cache">What is wrong with the external cache server.</param>
/// <param name="Connections">The tested connections.</param>
internal sealed record CheckReport(IReadOnlyList<string> Configuration, string? Folder, IReadOnlyList<CacheFinding> Cache, IReadOnlyList<CheckedConnection> Connections)
{
    /// <summary>Whether a gateway would work; it may still have warnings.</summary>
    public bool Ok => Configuration.Count == 0 && Folder is null && !Cache.Any(static finding => finding.IsError) && Connections.All(static connection => connection.State != ConnectionTestState.Failed);

    public IEnumerable<string> Describe()
    {
        if (Configuration.Count > 0)
            return ServeCommand.Describe(Configuration);

        return
        [
            "The configuration can be used.",
            Folder ?? "The data folder can be written.",
            .. Cache.Count == 0 ? ["The cache server suits, or is the embedded one."] : Cache.Select(static finding => $"{(finding.IsError ? "error" : "warning")} {finding.Code}: {finding.Found} {finding.Advice}"),
            .. Connections.SelectMany(static connection => connection.Problems
                .Select(static step => $"  {step.State} {step.Step} {step.Subject}: {step.Found} {step.Fix}").Prepend($"Connection {connection.Name}: {connection.State}")),
        ];
    }
}
