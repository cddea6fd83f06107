using System.Runtime.CompilerServices;
using System.Text.Json;
using CoupaGateway.Coupa.Failures;

namespace CoupaGateway.Coupa.Testing.Steps;

/// <summary>One record of each table can be read, with the token of its scope alone.</summary>
internal sealed class RecordStep : IConnectionTestStep
{
    public string Name => "record";

    public int Order => 60;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var table in context.Tables)
        {
            yield return context.GrantedScopes.Contains(context.ScopeOf(table))
                ? await ReadAsync(context, table, cancellationToken)
                : new TestFinding(TestState.Skipped, TestCodes.Skipped, $"Not tried: {(table.Scope.Length > 0 ? table.Scope : "what the connection asks for")} is not granted.", table.Name);
        }

        if (context.Readable.Count == 0)
            yield return TestFinding.Stop(TestCodes.NoRecords, "No record of any table can be read.");
    }

    private static async Task<TestFinding> ReadAsync(ConnectionTestContext context, TestTable table, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await context.Clients.Client(context.ScopeOf(table))
                .GetAsync(table.Resource, [new("limit", "1"), new("order_by", "id"), new("dir", "asc"), new("fields", """["id"]""")], cancellationToken: cancellationToken);
            if (answer.RootElement.ValueKind != JsonValueKind.Array)
                return new TestFinding(TestState.Failed, CoupaFailureCodes.CodeOf(CoupaFailure.MalformedBody), "The answer is no list of records.", table.Name);
            if (answer.RootElement.GetArrayLength() == 0)
                return new TestFinding(TestState.Warning, TestCodes.NoRecords, "It can be read, and there is no record.", table.Name);

            context.Readable.Add(table);
            return TestFinding.Ok("A record can be read.", table.Name);
        }
        catch (CoupaException error) when (error.ConcernsOneResource || error.Failure is CoupaFailure.Throttled or CoupaFailure.Unauthorized)
        {
            return new TestFinding(TestState.Failed, error.Code, error.Message, table.Name);
        }
    }
}
