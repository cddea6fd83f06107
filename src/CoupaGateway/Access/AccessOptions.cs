namespace CoupaGateway.Access;

/// <summary>Who may read. Everything but the health check is closed by default.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>Lets anonymous callers on the loopback address read. Only the demo switches it on. The default is false.</summary>
    public bool AnonymousOnLoopback { get; set; }
}
