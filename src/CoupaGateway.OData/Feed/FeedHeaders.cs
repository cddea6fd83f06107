using CoupaGateway.OData.Formats;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Feed;

/// <summary>Headers that OData adds to HTTP.</summary>
internal static class FeedHeaders
{
    public const string ODataVersion = "OData-Version";
    public const string ODataMaxVersion = "OData-MaxVersion";
    public const string Prefer = "Prefer";
    public const string PreferenceApplied = "Preference-Applied";

    /// <summary>The request headers that a response depends on.</summary>
    private const string Vary = "Accept, Accept-Encoding, Prefer, OData-MaxVersion, Authorization, X-Api-Key";

    /// <summary>For the caller's own cache only, which asks each time whether it still holds.</summary>
    private const string Revalidate = "private, no-cache";

    /// <summary>Adds what every response has, errors included.</summary>
    public static void Add(HttpResponse response)
    {
        response.Headers[ODataVersion] = ProtocolVersion.Of(response.HttpContext.Request).HeaderValue();
        response.Headers.Append(HeaderNames.Vary, Vary);
        response.Headers.CacheControl = Revalidate;
    }
}
