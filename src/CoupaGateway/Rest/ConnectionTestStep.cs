using CoupaGateway.Coupa.Testing;

namespace CoupaGateway.Rest;

/// <summary>A line of the connection test's checklist.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="Subject">The scope or table; null when the line is about the connection.</param>
/// <param name="State">How it ended.</param>
/// <param name="Code">A name that stays the same over versions.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Found">What was found.</param>
/// <param name="Cause">The likely cause; null when all is well.</param>
/// <param name="Fix">How to mend it; null when all is well.</param>
/// <param name="Help">Where more is said about the code.</param>
internal sealed record ConnectionTestStep(
    string Step, string? Subject, ConnectionTestState State, string Code, double Milliseconds, string Found, string? Cause, string? Fix, string? Help)
{
    public const string Page = "docs/connection-test.md";

    public static ConnectionTestStep Of(TestStepResult result)
    {
        var finding = result.Finding;
        var (cause, fix) = TestAdvice.For(finding.Code);
        return new ConnectionTestStep(
            result.Step,
            finding.Subject,
            (ConnectionTestState)finding.State,
            finding.Code,
            Math.Round(result.Elapsed.TotalMilliseconds, 1),
            finding.Found,
            cause,
            fix,
            finding.State == TestState.Ok ? null : $"{Page}#{finding.Code}");
    }
}
