using System.Runtime.CompilerServices;
using CoupaGateway.Coupa.Failures;

namespace CoupaGateway.Coupa.Testing.Steps;

/// <summary>Coupa gives a token for what the connection asks for.</summary>
internal sealed class TokenStep : IConnectionTestStep
{
    public string Name => "token";

    public int Order => 40;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await MintAsync(context, cancellationToken);
    }

    private static async Task<TestFinding> MintAsync(ConnectionTestContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.Clients.MintAsync(context.Checked.Scope, cancellationToken);
            context.GrantedScopes.Add(context.Checked.Scope);
            return TestFinding.Ok("Coupa knows the client and its secret, and gave a token.");
        }
        catch (CoupaException error) when (error.Failure == CoupaFailure.InvalidScope)
        {
            // Client and secret are right then; which of the scopes is missing is what the next step finds out.
            return new TestFinding(TestState.Failed, error.Code, "The client and its secret are right, but it lacks one of the scopes that the connection asks for.");
        }
    }
}
