using System.CommandLine;
using System.Text.Json;
using CoupaGateway.Commands;

namespace CoupaGateway.Tests.Commands;

/// <summary>A command that was run to its end, in this process.</summary>
internal sealed record CommandRun(int Code, string Output, string Errors)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static async Task<CommandRun> OfAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await GatewayCommand.RunAsync(arguments, new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
        return new CommandRun(code, output.ToString(), errors.ToString());
    }
}
