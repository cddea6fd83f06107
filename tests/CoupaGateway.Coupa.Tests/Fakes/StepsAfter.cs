using CoupaGateway.Coupa.Testing;

namespace CoupaGateway.Coupa.Tests.Fakes;

/// <summary>Stands for the steps of the connection test that the host adds behind those of the client, and counts how often it ran.</summary>
internal sealed class StepsAfter : IConnectionTestStep
{
    public int Ran { get; private set; }

    public string Name => "after";

    public int Order => 1000;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        Ran++;
        yield return TestFinding.Ok("They ran.");
    }
}
