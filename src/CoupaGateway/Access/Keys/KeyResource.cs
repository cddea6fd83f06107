using CoupaGateway.Access.Grants;
using CoupaGateway.Access.Limits;

namespace CoupaGateway.Access.Keys;

/// <summary>A key as the REST API shows it.</summary>
/// <param name="Id">The public part of the key.</param>
/// <param name="Name">What the key is for.</param>
/// <param name="Role">What the key may do.</param>
/// <param name="Grants">What a reader is narrowed to; null for everything.</param>
/// <param name="Limits">What the key's requests are limited to; null for no limits.</param>
/// <param name="AllowInQuery">Whether the key is accepted as a query parameter.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="RotatedAt">When it got its present secret; null when it has the first one.</param>
/// <param name="PreviousUntil">Until when the secret before holds; null when it does not.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
/// <param name="Key">The key itself: only in the answer that makes or rotates it, and nowhere else.</param>
internal sealed record KeyResource(
    string Id, string Name, GatewayRole Role, IReadOnlyList<ConnectionGrant>? Grants, KeyLimits? Limits, bool AllowInQuery,
    DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? RotatedAt, DateTimeOffset? PreviousUntil, DateTimeOffset? ExpiresAt, string? Key)
{
    public static KeyResource Of(ApiKey key, string? text = null) => new(
        key.Id, key.Name, key.Role, key.Grants, key.Limits, key.AllowInQuery, key.CreatedAt, key.CreatedBy, key.RotatedAt, key.PreviousUntil, key.ExpiresAt, text);
}
