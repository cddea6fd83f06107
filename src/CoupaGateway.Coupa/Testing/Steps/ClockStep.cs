using System.Runtime.CompilerServices;
using System.Text.Json;
using CoupaGateway.Coupa.Clocks;

namespace CoupaGateway.Coupa.Testing.Steps;

/// <summary>The instance has the same time as this machine; records tell when they changed, and not in the future: changes are fetched by that time.</summary>
internal sealed class ClockStep(IInstanceClocks clocks, TimeProvider time) : IConnectionTestStep
{
    public string Name => "clock";

    public int Order => 70;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return context.Readable.Find(static table => table.HasWatermark) is { } table
            ? await ReadAsync(context, table, cancellationToken)
            : new TestFinding(TestState.Warning, TestCodes.NoWatermark, "None of the tables that can be read has a time of change.");
    }

    private async Task<TestFinding> ReadAsync(ConnectionTestContext context, TestTable table, CancellationToken cancellationToken)
    {
        using var answer = await context.Clients.Client(context.ScopeOf(table)).GetAsync(
            table.Resource, [new("limit", "1"), new("order_by", "updated_at"), new("dir", "desc"), new("fields", """["id","updated-at"]""")], cancellationToken: cancellationToken);
        if (Newest(answer.RootElement) is not { } newest)
            return new TestFinding(TestState.Warning, TestCodes.NoWatermark, $"The newest record of {table.Name} has no updated-at.", table.Name);

        var found = $"The newest change of {table.Name} was at {newest.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.";
        var now = time.GetUtcNow();
        if (clocks.Now(context.Checked.Instance) is { } theirs && (now - theirs).Duration() > InstanceClocks.Tolerance)
        {
            var (minutes, side) = ((now - theirs).Duration().TotalMinutes, now > theirs ? "ahead of" : "behind");
            return new TestFinding(TestState.Warning, TestCodes.ClockSkew, $"This machine's clock is {minutes:0} minutes {side} the instance's, which says {theirs.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. {found}", table.Name);
        }

        var ahead = newest - now;
        return ahead > InstanceClocks.Tolerance
            ? new TestFinding(TestState.Warning, TestCodes.ClockSkew, $"{found} That is {ahead.TotalMinutes:0} minutes ahead of this machine's clock.", table.Name)
            : TestFinding.Ok(found, table.Name);
    }

    private static DateTimeOffset? Newest(JsonElement answer)
    {
        if (answer is not { ValueKind: JsonValueKind.Array } || answer.GetArrayLength() == 0 || answer[0].ValueKind != JsonValueKind.Object)
            return null;

        var record = answer[0];
        return (record.TryGetProperty("updated-at", out var value) || record.TryGetProperty("updated_at", out value))
            && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at) ? at : null;
    }
}
