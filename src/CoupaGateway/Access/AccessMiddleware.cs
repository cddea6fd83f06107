using System.Net;
using System.Security.Claims;
using CoupaGateway.Access.Keys;
using CoupaGateway.Access.Limits;
using CoupaGateway.Access.Tokens;
using CoupaGateway.Audit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Access;

/// <summary>Lets a request through when its caller may make it. Every endpoint is closed, and so is every path without an endpoint.</summary>
/// <remarks>
/// <code>
///  1. health checks                                          pass
///  2. no key or token, or none that is good      401   the same answer for each, after the same time; failures are slowed by source
///  3. a page of another site sends a browser here 403  keys typed into a browser are sent by it for everyone
///  4. the role is too low                         403
///  5. the key's limits are used up                429
///  6. the endpoint                                      what it changes is audited
/// </code>
/// </remarks>
internal sealed class AccessMiddleware(
    RequestDelegate next, Authentication authentication, ApiKeyDirectory keys, FailedLogins failures, CallerLimiter limiter, AuditLog audit,
    Refusals refusals, IOptions<AccessOptions> options, TimeProvider time, ILogger<AccessMiddleware> logger)
{
    /// <summary>Longer than any check takes: the time of a refusal does not tell what is wrong with a key or token.</summary>
    internal static readonly TimeSpan ShortestRefusal = TimeSpan.FromMilliseconds(25);

    public async Task InvokeAsync(HttpContext context)
    {
        // (1)
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            await next(context);
            return;
        }

        // (2)
        var start = time.GetTimestamp();
        if (await IdentifyAsync(context) is not var (caller, presented))
            return;
        if (!presented && IsDemo(context.Connection))
            caller = Caller.Demo;
        if (caller is null)
        {
            await RefuseUnknownAsync(context, presented, start);
            return;
        }

        // (3)
        if (IsCrossSite(context.Request))
        {
            await refusals.CrossSiteAsync(context);
            return;
        }

        // (4)
        context.Features.Set(caller);
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], "CoupaGateway"));
        var needed = endpoint?.Metadata.GetMetadata<RequiredRole>()?.Role ?? GatewayRole.Reader;
        if (caller.Role < needed)
        {
            await refusals.ForbiddenAsync(context, needed);
            await audit.RefusedAsync(context, caller);
            return;
        }

        // (5)
        if (!limiter.TryTake(caller, out var turn, out var retryAfter))
        {
            await refusals.TooManyAsync(context, retryAfter);
            return;
        }

        // (6)
        using (turn)
            await next(context);
        await audit.AnsweredAsync(context, caller);
    }

    /// <returns>Null when the request was answered.</returns>
    private async ValueTask<(Caller? Caller, bool Presented)?> IdentifyAsync(HttpContext context)
    {
        try
        {
            return await authentication.AuthenticateAsync(context);
        }
        catch (ProviderUnavailableException)
        {
            await refusals.ProviderUnavailableAsync(context);
            return null;
        }
    }

    private async Task RefuseUnknownAsync(HttpContext context, bool presented, long start)
    {
        if (!keys.IsLoaded)
        {
            await refusals.NotReadyAsync(context);
            return;
        }

        if (presented)
        {
            var source = context.Connection.RemoteIpAddress;
            var (count, delay, tooMany) = failures.Count(source);
            AccessLog.LoginFailed(logger, source?.ToString() ?? "an unknown address", count);
            if (tooMany)
            {
                await refusals.TooManyAsync(context, delay);
                return;
            }

            await failures.WaitAsync(source, delay, context.RequestAborted);
            if (ShortestRefusal - time.GetElapsedTime(start) is var rest && rest > TimeSpan.Zero)
                await Task.Delay(rest, time, context.RequestAborted);
        }

        await refusals.UnknownAsync(context);
    }

    /// <summary>A browser sends what its user typed once, and reaches the demo on loopback, for whatever site asks it to: such a site may not change anything.</summary>
    private static bool IsCrossSite(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return false;
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none");

        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private bool IsDemo(ConnectionInfo connection) =>
        options.Value.AnonymousOnLoopback && connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
}
