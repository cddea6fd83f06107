using System.Diagnostics;

namespace CoupaGateway.Monitoring;

/// <summary>Takes out of a request's span what the caller wrote: keys in the path, values in the query.</summary>
internal static class RequestSpans
{
    /// <summary>Attributes that hold the address as it was sent.</summary>
    private static readonly string[] Addresses = ["url.query", "url.full", "http.url", "http.target"];

    public static void Clean(Activity activity, HttpContext context)
    {
        foreach (var name in Addresses)
            activity.SetTag(name, null);
        activity.SetTag("url.path", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
    }
}
