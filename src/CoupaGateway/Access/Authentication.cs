using System.Buffers;
using System.Text;
using CoupaGateway.Access.Keys;
using CoupaGateway.Access.Tokens;

namespace CoupaGateway.Access;

/// <summary>Finds out who calls: by a key in one of the places that clients can put it into, or by a token.</summary>
internal sealed class Authentication(ApiKeyDirectory keys, TokenAuthentication tokens)
{
    public const string KeyHeader = "X-Api-Key";

    private const string Basic = "Basic ";
    private const string Bearer = "Bearer";

    /// <summary>Longest user name and password that are looked at, Base64 in bytes.</summary>
    private const int LongestBasic = 4_096;

    /// <returns>The caller, or null; and whether the request presented anything at all.</returns>
    /// <exception cref="ProviderUnavailableException">It presented a token, which nobody can check now.</exception>
    public async ValueTask<(Caller? Caller, bool Presented)> AuthenticateAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers[KeyHeader].ToString() is { Length: > 0 } plain)
            return (keys.Check(plain)?.Ready.Caller, true);

        // Power Query sends the scheme alone to learn where its user can sign in.
        if (headers.Authorization.ToString() is { Length: > 0 } authorization && !authorization.Equals(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            if (authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
                return (CheckBasic(authorization.AsSpan(Basic.Length).Trim()), true);
            if (!authorization.StartsWith(Bearer + ' ', StringComparison.OrdinalIgnoreCase))
                return (null, true);

            var bearer = authorization.AsMemory(Bearer.Length).Trim();
            return bearer.Span.StartsWith(KeyText.Prefix) || !tokens.IsEnabled
                ? (keys.Check(bearer.Span)?.Ready.Caller, true)
                : (await tokens.AuthenticateAsync(context), true);
        }

        return context.Features.Get<QueryKeyFeature>() is { } query
            ? (keys.Check(query.Text) is { AllowInQuery: true } key ? key.Ready.Caller : null, true)
            : (null, false);
    }

    /// <summary>The key is the password, with any user name; some clients have one field only and make it the user name.</summary>
    private Caller? CheckBasic(ReadOnlySpan<char> encoded)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestBasic);
        try
        {
            var length = encoded.Length <= LongestBasic && Convert.TryFromBase64Chars(encoded, buffer, out var decoded) ? decoded : 0;
            var text = Encoding.UTF8.GetString(buffer, 0, length);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var key = colon < 0 || colon == text.Length - 1 ? text.AsSpan().TrimEnd(':') : text.AsSpan(colon + 1);
            return keys.Check(key)?.Ready.Caller;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
