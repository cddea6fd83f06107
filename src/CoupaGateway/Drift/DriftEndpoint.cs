using CoupaGateway.Connections;
using CoupaGateway.Rest;
using CoupaGateway.Sync.Observing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Drift;

/// <summary>The drift report of a connection.</summary>
internal static class DriftEndpoint
{
    public static void MapDrift(this IEndpointRouteBuilder group) => group.MapGet("/drift", GetAsync)
        .WithName("getDrift")
        .WithSummary("Tell how records differ from the schema")
        .WithDescription("Keys that the tenant's records have and the built-in tables and custom metadata lack: what they became, which are gone, which changed their type, and when. No values.");

    private static async Task<Results<Ok<DriftReport>, ProblemHttpResult>> GetAsync(
        string connection, [FromServices] ConnectionRegistry connections, [FromServices] ConnectionSchemas schemas, [FromServices] ObservedStore store, CancellationToken cancellationToken) =>
        connections.Find(connection) is { } definition && schemas.Find(connection) is { } schema
            ? TypedResults.Ok(DriftReport.Of(definition.Options.ObservedColumns, schema, await store.ReadAsync(connection, cancellationToken)))
            : Problems.NoSuchConnection();
}
