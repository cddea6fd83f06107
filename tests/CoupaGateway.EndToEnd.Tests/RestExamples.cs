using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace CoupaGateway.EndToEnd.Tests;

/// <summary>Sends every operation of the REST API with the examples of its OpenAPI document, as Swagger UI does.</summary>
internal static class RestExamples
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Parameters that only an answer can give, by the operation that gives it.</summary>
    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal) { ["createKey"] = "id", ["startSync"] = "sync" };

    public static async Task TryAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync("swagger/gateway/swagger.json", cancellationToken));
        var operations = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(static path => path.Value.EnumerateObject().Select(operation => (Path: path.Name, Method: operation.Name.ToUpperInvariant(), operation.Value)))
            .OrderBy(static operation => Rank(operation.Method, Name(operation.Value)))
            .ToArray();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, method, operation) in operations)
        {
            var (status, body) = await SendAsync(client, path, method, operation, known, cancellationToken);
            var isOver = Name(operation) == "cancelSync" && status == HttpStatusCode.Conflict;
            Assert.True((int)status is >= 200 and < 300 || isOver, $"{Name(operation)} answers {status}: {body}");
            if (Answers.TryGetValue(Name(operation), out var parameter))
                known[parameter] = JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
        }

        Assert.True(operations.Length >= 40);
    }

    /// <summary>What others need comes first, and what takes things away last.</summary>
    private static int Rank(string method, string name) => (method, name) switch
    {
        (_, "createConnection") => 0,
        ("PUT", _) => 1,
        ("POST", _) => 2,
        ("DELETE", _) => 4,
        _ => 3,
    };

    private static string Name(JsonElement operation) => operation.GetProperty("operationId").GetString()!;

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpClient client, string path, string method, JsonElement operation, Dictionary<string, string> known, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        while (true)
        {
            using var request = Request(path, method, operation, known);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null && Stopwatch.GetElapsedTime(begin) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
                continue;
            }

            // Events go on without an end.
            var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
            TestContext.Current.TestOutputHelper?.WriteLine($"{Name(operation)}: {(int)response.StatusCode}");
            return (response.StatusCode, isStream ? "" : await response.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    private static HttpRequestMessage Request(string path, string method, JsonElement operation, Dictionary<string, string> known)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "");
        var query = new List<string>();
        foreach (var parameter in operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray() : [])
        {
            var name = parameter.GetProperty("name").GetString()!;
            var value = parameter.TryGetProperty("example", out var example) ? example.ToString() : known.GetValueOrDefault(name);
            switch (parameter.GetProperty("in").GetString())
            {
                case "path":
                    Assert.True(value is not null, $"{Name(operation)}: {name} has no example.");
                    path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
                    break;
                case "query" when value is not null:
                    query.Add($"{name}={Uri.EscapeDataString(value)}");
                    break;
                case "header" when value is not null:
                    request.Headers.TryAddWithoutValidation(name, value);
                    break;
            }
        }

        if (operation.TryGetProperty("requestBody", out var body))
        {
            var content = body.GetProperty("content").EnumerateObject().First();
            Assert.True(content.Value.TryGetProperty("example", out var example), $"{Name(operation)}: the body has no example.");
            request.Content = new StringContent(example.GetRawText(), Encoding.UTF8, content.Name);
        }

        request.RequestUri = new Uri($"{path.TrimStart('/')}?{string.Join('&', query)}", UriKind.Relative);
        return request;
    }
}
