using CoupaGateway.Coupa.Testing;

namespace CoupaGateway.Connections.Testing;

/// <summary>The secrets that pseudonyms are made with can be read.</summary>
internal sealed class PseudonymStep : IConnectionTestStep
{
    public string Name => "pseudonym-key";

    public int Order => 100;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var tested = (TestedConnection)context;
        yield return tested.Schema.Problem is { } problem
            ? TestFinding.Stop(TestCodes.PseudonymKeyMissing, problem)
            : TestFinding.Ok("The secrets that the rules need can be read, or none are needed.");
    }
}
