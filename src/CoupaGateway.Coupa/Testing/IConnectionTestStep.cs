namespace CoupaGateway.Coupa.Testing;

/// <summary>One step of the connection test. All that are registered run in their order; after a finding that stops, the rest is skipped.</summary>
public interface IConnectionTestStep
{
    /// <summary>Name in the checklist, in lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>Place in the checklist: the built-in steps have 10 to 80, in tens.</summary>
    int Order { get; }

    /// <summary>
    /// Looks, and tells what it found, each thing as soon as it is known. <see cref="Failures.CoupaException"/> that it lets through becomes a finding
    /// that stops.
    /// </summary>
    IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, CancellationToken cancellationToken);
}
