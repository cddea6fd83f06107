namespace CoupaGateway.Rest;

/// <summary>What a request of the REST API may be.</summary>
internal static class RestLimits
{
    /// <summary>Most bytes of a body, unless an endpoint says otherwise; more is answered with 413.</summary>
    public const int Body = 256 * 1024;
}
