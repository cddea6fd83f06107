using System.CommandLine;
using System.Text.Json;

namespace CoupaGateway.Commands;

/// <summary><c>test-connection</c>: the connection test of a running gateway.</summary>
internal static class TestConnectionCommand
{
    private static readonly Argument<string> Connection = new("connection") { Description = "The connection." };

    public static Command Create()
    {
        var command = GatewayConnection.AddTo(new Command("test-connection", "Let a running gateway test a connection: what is wrong, why, and how to mend it. Exit code 1 when a step failed.") { Connection });
        command.SetAction(static (result, cancellationToken) => GatewayConnection.UseAsync(result, async (gateway, output) =>
        {
            var report = await gateway.SendAsync(HttpMethod.Post, $"/connections/{Uri.EscapeDataString(result.GetValue(Connection)!)}/test", body: null, cancellationToken);
            var state = report.GetProperty("state").GetString()!;
            await output.WriteAsync(report, [.. report.GetProperty("steps").EnumerateArray().SelectMany(Describe), state]);
            return state == "failed" ? ExitCodes.Failed : ExitCodes.Ok;
        }));
        return command;
    }

    private static IEnumerable<string> Describe(JsonElement step)
    {
        yield return $"{step.GetProperty("state"),-8} {step.GetProperty("step"),-16} {step.GetProperty("subject")} {step.GetProperty("found")}";
        if (step.GetProperty("fix") is { ValueKind: JsonValueKind.String } fix)
            yield return $"         {step.GetProperty("code")}: {fix}";
    }
}
