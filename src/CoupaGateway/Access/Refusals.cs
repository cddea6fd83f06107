using System.Globalization;
using System.Text.Json;
using CoupaGateway.Access.Tokens;
using CoupaGateway.Rest;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Access;

/// <summary>The answers to requests that are not let through: problem details for the REST API, OData errors for feeds.</summary>
internal sealed class Refusals(IOptions<OidcOptions> oidc)
{
    private const string FeedPrefix = "/odata";

    public Task UnknownAsync(HttpContext context)
    {
        // Power Query reads authorization_uri to sign its user in, browsers and Excel ask for a password on Basic.
        if (oidc.Value.IsEnabled)
            context.Response.Headers.Append("WWW-Authenticate", $"Bearer authorization_uri=\"{oidc.Value.EffectiveAuthorizationUri}\", realm=\"CoupaGateway\"");
        context.Response.Headers.Append("WWW-Authenticate", "Basic realm=\"CoupaGateway\", charset=\"UTF-8\"");
        return WriteAsync(
            context,
            StatusCodes.Status401Unauthorized,
            "not-authenticated",
            "You have to say who you are.",
            $"Send a key that is in force as the password of Basic authentication, as a bearer token or in the header {Authentication.KeyHeader}.");
    }

    public Task ForbiddenAsync(HttpContext context, GatewayRole needed) => WriteAsync(
        context,
        StatusCodes.Status403Forbidden,
        "not-allowed",
        "You may not do this.",
        $"This needs the role {needed.ToString().ToLowerInvariant()}.");

    public Task CrossSiteAsync(HttpContext context) => WriteAsync(
        context,
        StatusCodes.Status403Forbidden,
        "cross-site",
        "Another site may not do this.",
        "The request comes from a page of another site. Changes are accepted from the gateway's own pages and from programs.");

    public Task TooManyAsync(HttpContext context, TimeSpan retryAfter)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return WriteAsync(
            context,
            StatusCodes.Status429TooManyRequests,
            "too-many-requests",
            "Too many requests.",
            "More requests than are allowed; Retry-After says when to come again.");
    }

    public Task NotReadyAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return WriteAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            "starting",
            "The gateway is starting.",
            "The keys were not read from the cache yet.");
    }

    public Task ProviderUnavailableAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "10";
        return WriteAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            "provider-unavailable",
            "Tokens cannot be checked now.",
            "The OpenID Connect provider does not answer the gateway. Come again, or use a key.");
    }

    private static Task WriteAsync(HttpContext context, int status, string code, string title, string detail)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Request.Path.StartsWithSegments(FeedPrefix, StringComparison.OrdinalIgnoreCase)
            ? WriteFeedErrorAsync(context, status, code, detail)
            : Problems.Create(status, code, title, detail).ExecuteAsync(context);
    }

    private static async Task WriteFeedErrorAsync(HttpContext context, int status, string code, string message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { error = new { code, message } });
        context.Response.StatusCode = status;
        context.Response.Headers["OData-Version"] = "4.0";
        context.Response.ContentType = "application/json;odata.metadata=minimal";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
