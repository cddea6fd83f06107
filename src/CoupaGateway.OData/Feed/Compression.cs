using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData.Feed;

/// <summary>Decides whether an answer may be compressed; see <c>docs/decisions/0004-compression-over-https.md</c>.</summary>
internal static class Compression
{
    /// <summary>Sent by every current browser over HTTPS, and by no other client; scripts cannot change it (Fetch Metadata, W3C).</summary>
    private const string FetchSite = "Sec-Fetch-Site";

    public static bool IsAllowed(HttpContext context) => context.RequestServices.GetRequiredService<IOptionsMonitor<FeedOptions>>().CurrentValue.Compression switch
    {
        FeedCompression.Always => true,
        FeedCompression.Never => false,
        _ => !IsCrossSite(context.Request), // whatever the scheme: a proxy in front may be the one that speaks HTTPS
    };

    /// <summary>Another host of the same site counts as another site. <c>none</c> is an address that the user has typed.</summary>
    private static bool IsCrossSite(HttpRequest request) => request.Headers[FetchSite].ToString() is { Length: > 0 } site
        ? site is not ("same-origin" or "none")
        : request.Headers.Origin.ToString() is { Length: > 0 } origin && !origin.EndsWith($"://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
