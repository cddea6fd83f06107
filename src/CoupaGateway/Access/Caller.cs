using CoupaGateway.Access.Grants;
using CoupaGateway.Access.Limits;

namespace CoupaGateway.Access;

/// <summary>Who calls, and what that caller may do.</summary>
/// <param name="Name">For the audit log: the name of a key, or the subject of a token.</param>
/// <param name="Grants">What a reader is narrowed to; null for everything.</param>
/// <param name="Limits">What the caller's requests are limited to; null for no limits.</param>
/// <param name="KeyId">Id of the key; null for tokens and for the demo.</param>
internal sealed record Caller(string Name, GatewayRole Role, GrantSet? Grants = null, KeyLimits? Limits = null, string? KeyId = null)
{
    /// <summary>Whoever calls the demo on this machine.</summary>
    public static Caller Demo { get; } = new("demo", GatewayRole.Admin);

    /// <exception cref="InvalidOperationException">The request was not admitted: the access middleware did not run before.</exception>
    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The request has no caller.");
}
