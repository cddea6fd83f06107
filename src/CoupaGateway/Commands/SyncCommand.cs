using System.CommandLine;
using System.Text.Json;
using CoupaGateway.Rest;

namespace CoupaGateway.Commands;

/// <summary><c>sync</c>: asks a running gateway to bring tables up to date.</summary>
internal static class SyncCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly Argument<string> Connection = new("connection") { Description = "The connection." };

    private static readonly Option<string> Mode = new("--mode") { Description = "delta, full, reconcile or retry.", DefaultValueFactory = static _ => "delta" };

    private static readonly Option<string[]> Tables = new("--table") { Description = "An API table; may be given several times. Without it: all." };

    private static readonly Option<bool> LooksBack = new("--look-back") { Description = "With mode delta: read far back, for changes that Coupa delivered late." };

    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until the run has ended; exit code 1 when it has not succeeded." };

    public static Command Create()
    {
        var command = GatewayConnection.AddTo(new Command("sync", "Ask a running gateway to bring the tables of a connection up to date.") { Connection, Mode, Tables, LooksBack, Wait });
        command.SetAction(static (result, cancellationToken) => GatewayConnection.UseAsync(result, (gateway, output) => RunAsync(gateway, output, result, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(GatewayConnection gateway, CommandOutput output, ParseResult result, CancellationToken cancellationToken)
    {
        var path = $"/connections/{Uri.EscapeDataString(result.GetValue(Connection)!)}/syncs";
        var input = new SyncInput { Mode = result.GetValue(Mode), Tables = result.GetValue(Tables) is { Length: > 0 } tables ? tables : null, LooksBack = result.GetValue(LooksBack) };
        var run = await gateway.SendAsync(HttpMethod.Post, path, input, cancellationToken);
        while (result.GetValue(Wait) && State(run) is "queued" or "running")
        {
            await Task.Delay(Interval, cancellationToken);
            run = await gateway.SendAsync(HttpMethod.Get, $"{path}/{run.GetProperty("id")}", body: null, cancellationToken);
        }

        await output.WriteAsync(run, [$"{run.GetProperty("id")} {State(run)}", .. run.GetProperty("tables").EnumerateArray().Select(Line)]);
        return State(run) is "failed" or "cancelled" ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static string State(JsonElement run) => run.GetProperty("state").GetString()!;

    private static string Line(JsonElement table) => $"  {table.GetProperty("table"),-40} {table.GetProperty("state")} {(table.TryGetProperty("error", out var error) ? error.ToString() : "")}".TrimEnd();
}
