using System.Text.Json;
using System.Text.RegularExpressions;

namespace CoupaGateway.Schema.Custom;

/// <summary>Reads <c>metadataSources</c>: which resource of the API each table is read from.</summary>
internal static partial class SourceReader
{
    private const string UrlRemedy = "Give a path below /api of letters, digits, '_' and '-', such as expense_reports: no scheme, no host, no dots, no query.";

    /// <returns>Paths below <c>/api</c> by display name.</returns>
    public static Dictionary<string, string> Read(Members document, IReadOnlyCollection<CustomResource> resources, FindingList findings)
    {
        var urls = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (value, pointer) in document.TakeArray("metadataSources", "sources"))
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                findings.Error(pointer, MetadataCodes.WrongType, "A source is an object.", """Write {"url":"…","targetResources":["…"]}.""");
                continue;
            }

            var members = new Members(value, pointer, findings);
            var url = members.TakeText("url", "path") is { } text ? ReadUrl(text, Members.Child(pointer, "url"), findings) : Missing(pointer, findings);
            foreach (var (target, targetPointer) in members.TakeArray("targetResources", "targets"))
                Add(target, targetPointer, url);

            members.Finish("url and targetResources");
        }

        return urls;

        void Add(JsonElement target, string pointer, string? url)
        {
            if (target.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(target.GetString()))
            {
                findings.Error(pointer, MetadataCodes.WrongType, "A target is the displayName of a resource.", "Put it into quotes.");
                return;
            }

            var name = target.GetString()!.Trim();
            if (resources.All(resource => resource.DisplayName != name))
            {
                findings.Error(
                    pointer, MetadataCodes.UnknownTarget, $"There is no resource with the displayName '{JsonNames.Shown(name)}'.",
                    $"Name one of resources: {string.Join(", ", resources.Take(20).Select(static resource => JsonNames.Shown(resource.DisplayName)))}.");
            }
            else if (url is not null && !urls.TryAdd(name, url) && urls[name] != url)
            {
                findings.Error(pointer, MetadataCodes.TwoSources, $"'{JsonNames.Shown(name)}' is the target of two sources.", "A table is read from one resource: leave one of them.");
            }
        }
    }

    /// <summary>A path below <c>/api</c>, also when it was written with it; null for anything else: the gateway must not become an open proxy.</summary>
    public static string? ReadUrl(string text, string pointer, FindingList findings)
    {
        var path = text.Trim('/');
        if (path.StartsWith("api/", StringComparison.OrdinalIgnoreCase))
            path = path[4..];
        if (path.Length <= MaxLength && UrlPattern().IsMatch(path))
            return path;

        findings.Error(pointer, MetadataCodes.BadUrl, $"'{JsonNames.Shown(text)}' is no path of a resource.", UrlRemedy);
        return null;
    }

    private const int MaxLength = 200;

    private static string? Missing(string pointer, FindingList findings)
    {
        findings.Error(pointer, MetadataCodes.Missing, "The source has no url.", UrlRemedy);
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex UrlPattern();
}
