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

    /// <summary>The version of every response. Clients that know 4.01 read it too.</summary>
    public const string Version = "4.0";

    /// <summary>The request headers that a response depends on.</summary>
    private const string Vary = "Accept, Prefer, Authorization";

    /// <summary>Adds what every response has, errors included.</summary>
    public static void Add(HttpResponse response)
    {
        response.Headers[ODataVersion] = Version;
        response.Headers.Append(HeaderNames.Vary, Vary);
    }
}
