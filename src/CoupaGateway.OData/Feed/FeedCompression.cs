namespace CoupaGateway.OData.Feed;

/// <summary>When answers are compressed for clients that accept it.</summary>
public enum FeedCompression
{
    /// <summary>
    /// Always, except where a browser says that another site caused the request. Such a site could choose the query, which next links repeat,
    /// and somebody who sees the length of the encrypted answer could find out, guess by guess, what the rows next to it hold (BREACH).
    /// </summary>
    UnlessCrossSite,

    /// <summary>Always: for browser applications on other sites, where nobody untrusted can make users' browsers ask.</summary>
    Always,

    /// <summary>Never, for instance because a proxy in front compresses.</summary>
    Never,
}
