using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace CoupaGateway.Sandbox.Access;

/// <summary>Mints access tokens and knows which are good.</summary>
internal sealed class TokenStore(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, AccessToken> _tokens = new(StringComparer.Ordinal);

    /// <summary>Lifetime of tokens minted from now on.</summary>
    public TimeSpan Lifetime { get; set; }

    /// <summary>How long a new token is refused.</summary>
    public TimeSpan WarmUp { get; set; }

    public string Mint(IReadOnlySet<string> scopes)
    {
        // Looks like the real one: three base64url parts, more than a thousand characters.
        var header = Encode("""{"typ":"JWT","alg":"RS256"}"""u8);
        var payload = Encode(Encoding.UTF8.GetBytes(
            $"{{\"jti\":\"{Guid.NewGuid():N}\",\"iat\":{clock.GetUtcNow().ToUnixTimeSeconds()},\"scope\":\"{string.Join(' ', scopes)}\"}}"));
        var token = $"{header}.{payload}.{Encode(RandomNumberGenerator.GetBytes(1_024))}";
        var now = clock.GetUtcNow();
        _tokens[token] = new AccessToken(scopes, now + WarmUp, now + Lifetime);
        return token;
    }

    /// <summary>The scopes of a token that is good now, or null.</summary>
    public IReadOnlySet<string>? ScopesOf(string? token)
    {
        var now = clock.GetUtcNow();
        return token is not null && _tokens.TryGetValue(token, out var known) && now >= known.NotBefore && now < known.Expires ? known.Scopes : null;
    }

    /// <summary>Makes all tokens invalid.</summary>
    public void Revoke() => _tokens.Clear();

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
