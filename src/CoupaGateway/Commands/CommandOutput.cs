using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CoupaGateway.Commands;

/// <summary>Writes a command's result: as text for people, or as JSON for programs.</summary>
internal sealed class CommandOutput(ParseResult result)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // it is read by programs and terminals, never in a page
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static Option<bool> JsonOption { get; } = new("--json") { Description = "Write the result as JSON." };

    private readonly TextWriter _output = result.InvocationConfiguration.Output;

    public bool IsJson { get; } = result.GetValue(JsonOption);

    /// <param name="document">What is written with --json.</param>
    /// <param name="lines">What is written without.</param>
    public async Task WriteAsync(object document, IEnumerable<string> lines)
    {
        if (IsJson)
        {
            await _output.WriteLineAsync(JsonSerializer.Serialize(document, Json));
            return;
        }

        foreach (var line in lines)
            await _output.WriteLineAsync(line);
    }

    /// <summary>Tells why there is no result: on the error output, so that JSON stays JSON.</summary>
    public async Task ComplainAsync(string text) => await result.InvocationConfiguration.Error.WriteLineAsync(text);
}
