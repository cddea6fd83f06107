using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CoupaGateway.Coupa.Failures;

namespace CoupaGateway.Coupa.Testing.Steps;

/// <summary>The second page is another than the first: tables are read from id to id.</summary>
internal sealed class PagingStep : IConnectionTestStep
{
    public string Name => "paging";

    public int Order => 80;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return context.Readable.Find(static table => table.IdIsUnique) is { } table
            ? await ReadAsync(context, table, cancellationToken)
            : new TestFinding(TestState.Skipped, TestCodes.Skipped, "Not tried: ids of the tables that can be read repeat.");
    }

    private static async Task<TestFinding> ReadAsync(ConnectionTestContext context, TestTable table, CancellationToken cancellationToken)
    {
        var client = context.Clients.Client(context.ScopeOf(table));
        using var first = await client.GetAsync(table.Resource, Query(null), cancellationToken: cancellationToken);
        if (Id(first.RootElement) is not { } id)
            return Broken($"The first page of {table.Name} has no ids.", table);

        using var second = await client.GetAsync(table.Resource, Query(id), cancellationToken: cancellationToken);
        if (second.RootElement is { ValueKind: JsonValueKind.Array } rest && rest.GetArrayLength() == 0)
            return TestFinding.Ok($"{table.Name} has one record.", table.Name);

        return Id(second.RootElement) > id
            ? TestFinding.Ok($"The second page of {table.Name} goes on after the first.", table.Name)
            : Broken($"The second page of {table.Name} does not go on after the first.", table);
    }

    private static TestFinding Broken(string found, TestTable table) =>
        new(TestState.Failed, CoupaFailureCodes.CodeOf(CoupaFailure.PagingBroken), found, table.Name) { Stops = true };

    private static List<KeyValuePair<string, string>> Query(long? after)
    {
        List<KeyValuePair<string, string>> query = [new("limit", "1"), new("order_by", "id"), new("dir", "asc"), new("fields", """["id"]""")];
        if (after is { } id)
            query.Add(new("id[gt]", id.ToString(CultureInfo.InvariantCulture)));
        return query;
    }

    private static long? Id(JsonElement page) =>
        page.ValueKind == JsonValueKind.Array && page.GetArrayLength() > 0 && page[0].ValueKind == JsonValueKind.Object
        && page[0].TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var value) ? value : null;
}
