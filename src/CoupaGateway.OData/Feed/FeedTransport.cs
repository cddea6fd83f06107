using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CoupaGateway.OData.Feed;

/// <summary>What the feeds need of Kestrel.</summary>
internal static class FeedTransport
{
    /// <summary>How far beyond <see cref="FeedOptions.MaxUrlLength"/> a URL still reaches the feed, which says what is wrong; Kestrel's own 414 has no body.</summary>
    private const int RequestLineFactor = 4;

    public static void Configure(KestrelServerOptions kestrel, FeedOptions feed)
    {
        var limits = kestrel.Limits;
        limits.MaxResponseBufferSize = feed.SendBuffer;
        limits.MaxRequestLineSize = Math.Max(limits.MaxRequestLineSize, feed.MaxUrlLength * RequestLineFactor);

        // Kestrel does not start when its buffer is smaller than a line.
        if (limits.MaxRequestBufferSize < limits.MaxRequestLineSize)
            limits.MaxRequestBufferSize = limits.MaxRequestLineSize;
    }
}
