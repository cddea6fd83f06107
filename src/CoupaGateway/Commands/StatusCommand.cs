using System.CommandLine;
using System.Text.Json;

namespace CoupaGateway.Commands;

/// <summary><c>status</c>: how a running gateway does, or the tables of a connection.</summary>
internal static class StatusCommand
{
    private static readonly Argument<string?> Connection = new("connection") { Description = "A connection, whose tables are listed.", Arity = ArgumentArity.ZeroOrOne };

    public static Command Create()
    {
        var command = GatewayConnection.AddTo(new Command("status", "Tell how a running gateway does, or how the tables of a connection are. Exit code 1 when it is not ready, or a table cannot be read."));
        command.Arguments.Add(Connection);
        command.SetAction(static (result, cancellationToken) => GatewayConnection.UseAsync(result, (gateway, output) => result.GetValue(Connection) is { } connection
            ? ShowTablesAsync(gateway, output, connection, cancellationToken)
            : ShowHealthAsync(gateway, output, cancellationToken)));
        return command;
    }

    private static async Task<int> ShowHealthAsync(GatewayConnection gateway, CommandOutput output, CancellationToken cancellationToken)
    {
        var health = await gateway.SendAsync(HttpMethod.Get, "/health", body: null, cancellationToken);
        var status = health.GetProperty("status").GetString()!;
        var reasons = string.Join(", ", health.GetProperty("reasons").EnumerateArray());
        await output.WriteAsync(
            health,
            [
                reasons.Length > 0 ? $"{status}: {reasons}" : status,
                $"cache {(health.GetProperty("cacheReachable").GetBoolean() ? "reachable" : "not reachable")}",
                .. health.GetProperty("connections").EnumerateArray().SelectMany(Describe),
            ]);
        return status == "unready" ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static IEnumerable<string> Describe(JsonElement connection) =>
        from state in new[] { ("notLoaded", "not loaded"), ("damaged", "damaged"), ("stale", "stale") }
        let tables = connection.GetProperty(state.Item1)
        where tables.GetArrayLength() > 0
        select $"{connection.GetProperty("name")}: {tables.GetArrayLength()} {state.Item2}: {string.Join(", ", tables.EnumerateArray())}";

    private static async Task<int> ShowTablesAsync(GatewayConnection gateway, CommandOutput output, string connection, CancellationToken cancellationToken)
    {
        var tables = await gateway.SendAsync(HttpMethod.Get, $"/connections/{Uri.EscapeDataString(connection)}/tables", body: null, cancellationToken);
        var rows = tables.EnumerateArray().ToArray();
        await output.WriteAsync(tables, rows.Select(Line));
        return rows.All(static table => table.GetProperty("loaded").GetBoolean() && !table.GetProperty("damaged").GetBoolean()) ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static string Line(JsonElement table)
    {
        var state = !table.GetProperty("loaded").GetBoolean() ? "not loaded"
            : table.GetProperty("damaged").GetBoolean() ? "damaged"
            : table.GetProperty("stale").GetBoolean() ? "stale"
            : "ok";
        var rows = table.GetProperty("rows") is { ValueKind: JsonValueKind.Number } number ? $"{number} rows" : "";
        var age = table.GetProperty("ageSeconds") is { ValueKind: JsonValueKind.Number } seconds ? $"{TimeSpan.FromSeconds(seconds.GetInt64()):c} old" : "";
        return $"{table.GetProperty("name"),-50} {state,-12} {rows,20} {age}".TrimEnd();
    }
}
