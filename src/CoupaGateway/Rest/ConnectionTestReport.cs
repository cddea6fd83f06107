namespace CoupaGateway.Rest;

/// <summary>The result of a connection test.</summary>
/// <param name="StartedAt">When it began (UTC).</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="State">The worst of all steps: failed, warning or ok.</param>
/// <param name="Steps">The checklist in its order.</param>
internal sealed record ConnectionTestReport(DateTimeOffset StartedAt, double Milliseconds, ConnectionTestState State, IReadOnlyList<ConnectionTestStep> Steps)
{
    public static ConnectionTestReport Of(DateTimeOffset startedAt, TimeSpan elapsed, IReadOnlyList<ConnectionTestStep> steps) => new(
        startedAt,
        Math.Round(elapsed.TotalMilliseconds, 1),
        steps.Any(static step => step.State == ConnectionTestState.Failed) ? ConnectionTestState.Failed
            : steps.Any(static step => step.State == ConnectionTestState.Warning) ? ConnectionTestState.Warning
            : ConnectionTestState.Ok,
        steps);
}
