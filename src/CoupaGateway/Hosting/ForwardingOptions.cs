namespace CoupaGateway.Hosting;

/// <summary>Which reverse proxies say truly who called and under which address; bound from the section <c>Forwarding</c>.</summary>
internal sealed class ForwardingOptions
{
    public const string Section = "Forwarding";

    /// <summary>
    /// Addresses (<c>10.0.0.7</c>) and networks (<c>10.0.0.0/8</c>) of the proxies. What <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and
    /// <c>-Prefix</c> say is believed when one of them sent it, and from nobody else. The default is none.
    /// </summary>
    public IReadOnlyList<string> Proxies { get; set; } = [];
}
