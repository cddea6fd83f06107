using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CoupaGateway.Access.Grants;
using CoupaGateway.Access.Limits;

namespace CoupaGateway.Access.Keys;

/// <summary>A key as it is stored: never the key itself.</summary>
internal sealed record ApiKey
{
    /// <summary>The public part of the key.</summary>
    public required string Id { get; init; }

    /// <summary>What the key is for, chosen by who made it.</summary>
    public required string Name { get; init; }

    public required GatewayRole Role { get; init; }

    /// <summary>SHA-256 of the whole key, Base64. The key has 256 random bits: a slow hash would add nothing.</summary>
    public required string Hash { get; init; }

    /// <summary>Hash of the key before the last rotation, which holds until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousHash { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>What a reader is narrowed to; null for everything.</summary>
    public ImmutableArray<ConnectionGrant>? Grants { get; init; }

    public KeyLimits? Limits { get; init; }

    /// <summary>Whether the key is accepted as a query parameter.</summary>
    public bool AllowInQuery { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The hashes as bytes and the grants compiled: made once when the key is read.</summary>
    [JsonIgnore]
    public Compiled Ready => field ??= new(this);

    internal sealed class Compiled(ApiKey key)
    {
        public byte[] Hash { get; } = Convert.FromBase64String(key.Hash);

        public byte[] PreviousHash { get; } = key.PreviousHash is { } previous ? Convert.FromBase64String(previous) : new byte[KeyText.HashBytes];

        public Caller Caller { get; } = new(key.Name, key.Role, key.Grants is { } grants ? new GrantSet(grants) : null, key.Limits, key.Id);
    }
}
