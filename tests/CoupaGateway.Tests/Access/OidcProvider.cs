using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Tests.Access;

/// <summary>An OpenID Connect provider on a real socket, with tokens made by hand, so that they can be wrong in every way.</summary>
internal sealed class OidcProvider : IAsyncDisposable
{
    public const string Audience = "api://coupa-gateway";

    private readonly WebApplication _app;
    private (string Id, RSA Key) _signing = NewKey();

    private OidcProvider(WebApplication app) => _app = app;

    public string Authority => _app.Urls.First() + "/tenant/v2.0";

    public Dictionary<string, string?> Settings => new()
    {
        ["Access:Oidc:Authority"] = Authority,
        ["Access:Oidc:Audience"] = Audience,
    };

    public RSA SigningKey => _signing.Key;

    public static async Task<OidcProvider> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var provider = new OidcProvider(app);
        app.MapGet("/tenant/v2.0/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = provider.Authority,
            jwks_uri = provider.Authority + "/keys",
            authorization_endpoint = provider.Authority + "/authorize",
            token_endpoint = provider.Authority + "/token",
            response_types_supported = new[] { "id_token" },
            subject_types_supported = new[] { "pairwise" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
        }));
        app.MapGet("/tenant/v2.0/keys", () => Results.Json(new { keys = new[] { provider.PublicKey() } }));
        await app.StartAsync(cancellationToken);
        return provider;
    }

    /// <summary>From now on tokens are signed with another key, and the former one is published no longer.</summary>
    public void RotateKey() => _signing = NewKey();

    /// <summary>The claims of a token that is good: change them to make one that is not.</summary>
    public Dictionary<string, object> Claims(params string[] roles) => new()
    {
        ["iss"] = Authority,
        ["aud"] = Audience,
        ["sub"] = "jane",
        ["roles"] = roles,
        ["iat"] = At(-60),
        ["nbf"] = At(-60),
        ["exp"] = At(600),
    };

    /// <summary>An instant, in seconds from now, as tokens write it.</summary>
    public static long At(int seconds) => DateTimeOffset.UtcNow.ToUnixTimeSeconds() + seconds;

    public string Token(Dictionary<string, object> claims, RSA? key = null, string? keyId = null) =>
        Token(new { alg = "RS256", typ = "JWT", kid = keyId ?? _signing.Id }, claims, signed => (key ?? _signing.Key).SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Token(object header, Dictionary<string, object> claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private object PublicKey()
    {
        var parameters = _signing.Key.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid = _signing.Id, n = Encode(parameters.Modulus!), e = Encode(parameters.Exponent!) };
    }

    private static (string Id, RSA Key) NewKey() => (Guid.NewGuid().ToString("N"), RSA.Create(2048));
}
