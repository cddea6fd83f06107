using CoupaGateway.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Health;

/// <summary>Health for load balancers and schedulers, open to everyone and without names, and for operators in detail.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapProbe(Endpoints.Live, static () => TypedResults.Ok());
        endpoints.MapProbe(Endpoints.Ready, static ([FromServices] GatewayHealth health) => Answer(health.Status, new HealthSummary(health.Status)));
        endpoints.MapProbe(Endpoints.Startup, static ([FromServices] GatewayHealth health) => health.IsStarted ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        endpoints.MapGet($"{Endpoints.Api}/health", static Ok<HealthReport> ([FromServices] GatewayHealth health) => TypedResults.Ok(health.Report()))
            .WithTags("Health")
            .Needs(GatewayRole.Operator)
            .WithName("getHealth")
            .WithSummary("Tell the health of this gateway")
            .WithDescription("Whether this process is ready, and if not, why; the tables that are old, damaged or not loaded yet.");
    }

    /// <summary>As a probe wants it: 503 sends requests elsewhere.</summary>
    public static IResult Answer<T>(HealthStatus status, T body) =>
        TypedResults.Json(body, statusCode: status == HealthStatus.Unready ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);

    private static void MapProbe(this IEndpointRouteBuilder endpoints, string path, Delegate handler) => endpoints.MapGet(path, handler).ExcludeFromDescription().AllowAnonymous();
}
