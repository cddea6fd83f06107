using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CoupaGateway.Commands;

/// <summary>The REST API of a running gateway, as a command speaks to it.</summary>
internal sealed class GatewayConnection : IDisposable
{
    public const string UrlVariable = "COUPA_GATEWAY_URL";
    public const string KeyVariable = "COUPA_GATEWAY_KEY";
    private const string DefaultUrl = "http://localhost:8080";

    /// <summary>As long as the longest answer takes: a connection test.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _client;

    private GatewayConnection(HttpClient client) => _client = client;

    public static Option<string?> UrlOption { get; } = new("--url") { Description = $"Address of the gateway. Without it: the environment variable {UrlVariable}, or {DefaultUrl}." };

    public static Option<string?> KeyOption { get; } = new("--key")
    {
        Description = $"API key. Others on this machine can see it: better the environment variable {KeyVariable}, or --key-file.",
    };

    public static Option<string?> KeyFileOption { get; } = new("--key-file") { Description = "File with the API key in its first line." };

    /// <summary>Adds the options to a command.</summary>
    public static Command AddTo(Command command)
    {
        command.Options.Add(UrlOption);
        command.Options.Add(KeyOption);
        command.Options.Add(KeyFileOption);
        command.Options.Add(CommandOutput.JsonOption);
        return command;
    }

    /// <summary>Runs what a command does with a gateway, and tells what goes wrong on the way.</summary>
    public static async Task<int> UseAsync(ParseResult result, Func<GatewayConnection, CommandOutput, Task<int>> action)
    {
        var output = new CommandOutput(result);
        var url = Given(result.GetValue(UrlOption)) ?? Given(Environment.GetEnvironmentVariable(UrlVariable)) ?? DefaultUrl;
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            await output.ComplainAsync($"'{url}' is no http or https address of a gateway.");
            return ExitCodes.Unusable;
        }

        string? key;
        try
        {
            key = ReadKey(result);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await output.ComplainAsync($"The key cannot be read: {error.Message}");
            return ExitCodes.Unusable;
        }

        using var connection = new GatewayConnection(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = Patience });
        if (key is not null)
            connection._client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            return await action(connection, output);
        }
        catch (RefusedException refused)
        {
            await output.ComplainAsync(refused.Message);
            return ExitCodes.Failed;
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || (error is TaskCanceledException && error.InnerException is TimeoutException))
        {
            await output.ComplainAsync($"No gateway answers at {address}: {error.Message}");
            return ExitCodes.Unreachable;
        }
    }

    /// <param name="path">After <see cref="Endpoints.Api"/>.</param>
    /// <exception cref="RefusedException">The gateway refuses it, and says why.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Endpoints.Api.TrimStart('/') + path);
        if (body is not null)
            request.Content = JsonContent.Create(body, options: JsonSerializerOptions.Web);
        using var response = await _client.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);

        throw new RefusedException(await ExplainAsync(response, cancellationToken));
    }

    public void Dispose() => _client.Dispose();

    private static async Task<string> ExplainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var advice = (int)response.StatusCode switch
        {
            StatusCodes.Status401Unauthorized => $" Give a key by {KeyVariable} or --key-file.",
            StatusCodes.Status403Forbidden => " The key's role is too low.",
            _ => "",
        };
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return $"{(int)response.StatusCode}: {Text("title")} {Text("detail")}{advice}";

            string? Text(string name) => problem.TryGetProperty(name, out var text) ? text.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException)
        {
            return $"{(int)response.StatusCode} {response.ReasonPhrase}.{advice}";
        }
    }

    private static string? ReadKey(ParseResult result)
    {
        if (Given(result.GetValue(KeyOption)) is { } key)
            return key;
        return Given(result.GetValue(KeyFileOption)) is { } file
            ? File.ReadLines(file).FirstOrDefault()?.Trim()
            : Given(Environment.GetEnvironmentVariable(KeyVariable));
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
