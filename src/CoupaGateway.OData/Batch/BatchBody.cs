using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CoupaGateway.OData.Batch;

/// <summary>
/// The body of a batch, rewritten where ODL's readers refuse the whole of it for one request: they take <c>$metadata</c> for a reference to another request, know no HEAD in the multipart
/// format, and no conditions in that of JSON.
/// </summary>
internal static partial class BatchBody
{
    /// <summary>Names of resources that ODL takes for references to other requests.</summary>
    private const string OwnNames = @"\$(metadata|batch|entity|all|crossjoin|openapi)(?![A-Za-z0-9_])";

    /// <summary>Says in a request that it was a HEAD. Nobody can guess the name.</summary>
    public static string HeadMark { get; } = $"X-Head-{Guid.NewGuid():N}";

    /// <summary>Says in a request that it had a condition.</summary>
    public static string ConditionMark { get; } = $"X-If-{Guid.NewGuid():N}";

    /// <param name="body">The body; closed afterwards when another takes its place.</param>
    public static MemoryStream Prepare(MemoryStream body, bool isJson) => isJson ? Json(body) : Multipart(body);

    private static MemoryStream Multipart(MemoryStream body)
    {
        // Latin-1 keeps every byte.
        var text = Encoding.Latin1.GetString(body.GetBuffer(), 0, (int)body.Length);
        var prepared = HeadLine().Replace(OwnResourceLine().Replace(text, "./"), match => $"GET{match.Groups["rest"].Value}{match.Groups["end"].Value}{HeadMark}: 1{match.Groups["end"].Value}");
        return ReferenceEquals(text, prepared) ? body : Replaced(body, Encoding.Latin1.GetBytes(prepared));
    }

    private static MemoryStream Json(MemoryStream body)
    {
        try
        {
            if (JsonNode.Parse(body.GetBuffer().AsSpan(0, (int)body.Length)) is not JsonObject root || root["requests"] is not JsonArray requests)
                return body;

            var isChanged = false;
            foreach (var request in requests.OfType<JsonObject>())
            {
                if (request["url"] is JsonValue url && url.TryGetValue<string>(out var address) && OwnResource().IsMatch(address))
                {
                    request["url"] = $"./{address}";
                    isChanged = true;
                }

                if (request.Remove("if"))
                {
                    if (request["headers"] is not JsonObject headers)
                        request["headers"] = headers = [];
                    headers[ConditionMark] = "1";
                    isChanged = true;
                }
            }

            return isChanged ? Replaced(body, Encoding.UTF8.GetBytes(root.ToJsonString())) : body;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            // Malformed, or a name twice: ODL says what is wrong with it.
            return body;
        }
    }

    private static MemoryStream Replaced(MemoryStream body, byte[] bytes)
    {
        body.Dispose();
        var replaced = new MemoryStream(bytes.Length);
        replaced.Write(bytes);
        replaced.Position = 0;
        return replaced;
    }

    [GeneratedRegex($"^{OwnNames}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex OwnResource();

    /// <summary>The place before such a name in a request line.</summary>
    [GeneratedRegex($@"(?<=(^|\n)[A-Z]{{1,10}} )(?={OwnNames}[^\r\n]* HTTP/)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex OwnResourceLine();

    [GeneratedRegex(@"(?<=^|\n)HEAD(?<rest> [^\r\n]* HTTP/[0-9.]+[ \t]*)(?<end>\r?\n)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex HeadLine();
}
