using System.Net;
using CoupaGateway.Rest;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Access;

/// <summary>Closes every endpoint, except the health checks, to callers who may not read.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, IOptions<AccessOptions> options)
{
    public Task InvokeAsync(HttpContext context) =>
        IsOpen(context.Request.Path) || IsAdmitted(context.Connection) ? next(context) : RefuseAsync(context);

    private static bool IsOpen(PathString path) => path.Equals(Endpoints.Live, StringComparison.Ordinal) || path.Equals(Endpoints.Ready, StringComparison.Ordinal);

    private static Task RefuseAsync(HttpContext context)
    {
        var problem = Problems.Create(
            StatusCodes.Status401Unauthorized,
            "not-authenticated",
            "You may not read here.",
            "The gateway is closed to anonymous callers; only the demo answers them, and only on the loopback address.");
        return problem.ExecuteAsync(context);
    }

    private bool IsAdmitted(ConnectionInfo connection) =>
        options.Value.AnonymousOnLoopback && connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
}
