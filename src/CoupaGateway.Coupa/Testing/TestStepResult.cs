namespace CoupaGateway.Coupa.Testing;

/// <summary>A line of the checklist.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="Finding">What it found.</param>
/// <param name="Elapsed">Since the line before it, or since the start of the step.</param>
public sealed record TestStepResult(string Step, TestFinding Finding, TimeSpan Elapsed);
