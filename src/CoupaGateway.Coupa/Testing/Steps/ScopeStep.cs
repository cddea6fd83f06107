using System.Runtime.CompilerServices;
using CoupaGateway.Coupa.Failures;

namespace CoupaGateway.Coupa.Testing.Steps;

/// <summary>Every scope that the tables need is granted: each asked for alone, because Coupa does not say which of several is missing.</summary>
internal sealed class ScopeStep : IConnectionTestStep
{
    public string Name => "scope";

    public int Order => 50;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var scope in context.Tables.GroupBy(static table => table.Scope, StringComparer.Ordinal))
        {
            var tables = string.Join(", ", scope.Select(static table => table.Name));
            yield return scope.Key.Length > 0
                ? await MintAsync(context, scope.Key, tables, cancellationToken)
                : TestFinding.Ok($"The custom metadata does not name the scope of {tables}: read with all that the connection asks for.");
        }

        if (context.Tables.All(table => !context.GrantedScopes.Contains(context.ScopeOf(table))))
            yield return TestFinding.Stop(CoupaFailureCodes.CodeOf(CoupaFailure.InvalidScope), "Not one of the scopes that the tables need is granted.");
    }

    private static async Task<TestFinding> MintAsync(ConnectionTestContext context, string scope, string tables, CancellationToken cancellationToken)
    {
        try
        {
            await context.Clients.MintAsync(scope, cancellationToken);
            context.GrantedScopes.Add(scope);
            return TestFinding.Ok($"Granted, for {tables}.", scope);
        }
        catch (CoupaException error) when (error.Failure == CoupaFailure.InvalidScope)
        {
            return new TestFinding(TestState.Failed, error.Code, $"Not granted: {tables} cannot be read.", scope);
        }
    }
}
