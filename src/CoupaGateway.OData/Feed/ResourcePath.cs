using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace CoupaGateway.OData.Feed;

/// <summary>
/// The path below the service root. The server decodes paths, but for slashes (<c>%2F</c>), and then nobody can tell <c>%2F</c> from <c>%252F</c>: so it is
/// taken from the request's own text.
/// </summary>
internal static partial class ResourcePath
{
    private const string Batch = "$batch";
    private const string Query = "/$query";

    /// <summary>The path, each segment encoded in the one way that <see cref="Uri.EscapeDataString(string)"/> has, without slashes around it.</summary>
    public static string Of(HttpContext context)
    {
        var decoded = context.GetRouteValue("path") as string ?? string.Empty;
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?', 2)[0] ?? string.Empty;

        // The tail with as many segments. Whatever comes before may differ: a proxy's prefix, another host.
        var segments = raw.Split('/');
        var count = decoded.Length == 0 ? 0 : decoded.Split('/').Length;
        var tail = segments[Math.Max(0, segments.Length - count)..];

        // Where the server has put the path right (a/../b), only its own text is left.
        var known = Decode(string.Join('/', tail)) == decoded ? tail.Select(Uri.UnescapeDataString) : decoded.Split('/');
        return string.Join('/', known.Select(Uri.EscapeDataString)).Trim('/');
    }

    /// <summary>Decodes a path as the server does.</summary>
    public static string Decode(string encoded) => string.Concat(Slash().Split(encoded).Select((part, index) => index % 2 == 0 ? Uri.UnescapeDataString(part) : part));

    public static bool IsBatch(string path) => Is(path, Batch);

    /// <summary>Whether the path is that of a query in the body: <c>invoices/$query</c>. Then <paramref name="resource"/> is what the query is for.</summary>
    public static bool IsQuery(string path, out string resource)
    {
        var end = path.LastIndexOf('/');
        var isQuery = end > 0 && Is(path[(end + 1)..], Query[1..]);
        resource = isQuery ? path[..end] : path;
        return isQuery;
    }

    /// <summary>Whether an encoded path is this one segment.</summary>
    public static bool Is(string path, string segment) => path == Uri.EscapeDataString(segment);

    [GeneratedRegex("(?<slash>%2[Ff])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Slash();
}
