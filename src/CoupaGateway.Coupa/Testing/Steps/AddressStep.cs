namespace CoupaGateway.Coupa.Testing.Steps;

/// <summary>The address is that of an instance, on an allowed host.</summary>
internal sealed class AddressStep : IConnectionTestStep
{
    public string Name => "address";

    public int Order => 10;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return context.AddressFault is { } fault
            ? TestFinding.Stop(TestCodes.AddressMalformed, fault)
            : TestFinding.Ok($"{context.Checked.Instance} is well-formed, and its host is allowed.");
    }
}
