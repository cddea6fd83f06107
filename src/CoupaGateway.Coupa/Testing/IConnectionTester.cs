namespace CoupaGateway.Coupa.Testing;

/// <summary>Runs the checklist.</summary>
public interface IConnectionTester
{
    /// <summary>Runs all steps in their order, a minute at most, and hands out each line when it is there. Does not throw for what it finds.</summary>
    IAsyncEnumerable<TestStepResult> RunAsync(ConnectionTestContext context, CancellationToken cancellationToken);
}
