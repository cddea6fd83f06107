using CoupaGateway.Schema;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Staleness;

/// <summary>
/// Readiness. Old tables make it <c>degraded</c> and never fail it: a gateway that is taken out of service for them would serve nothing at all. It names
/// no connection, for it is open to everyone; who is concerned is told by the metrics and the tables' endpoint.
/// </summary>
internal static class ReadinessEndpoint
{
    public static IEndpointConventionBuilder MapReadiness(this IEndpointRouteBuilder endpoints) => endpoints.MapGet(Endpoints.Ready, Get).ExcludeFromDescription();

    private static Ok<ReadinessResource> Get([FromServices] ISchemaProvider schemas, [FromServices] TableAges ages)
    {
        var degraded = schemas.Connections.Any(connection => schemas.Find(connection) is { } schema
            && schema.Tables.Any(table => ages.IsUnreadable(connection, table) || ages.IsStale(ages.Find(connection, table))));
        return TypedResults.Ok(new ReadinessResource(degraded ? "degraded" : "ready"));
    }
}
