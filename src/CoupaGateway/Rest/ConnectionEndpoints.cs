using CoupaGateway.Access;
using CoupaGateway.Connections;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Rest;

/// <summary>What there is to read.</summary>
internal static class ConnectionEndpoints
{
    public static IEndpointRouteBuilder MapConnections(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup($"{Endpoints.Api}/connections").WithTags("Connections").Needs(GatewayRole.Operator);
        group.MapGet("/", List)
            .WithName("listConnections")
            .WithSummary("List connections")
            .WithDescription("All connections, each with the address of its feed and how many of its tables can be read by now.");
        group.MapGet("/{connection}", Get)
            .WithName("getConnection")
            .WithSummary("Get a connection")
            .WithDescription("The settings of a connection, without its secret. The entity tag in ETag is what a change has to send in If-Match.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return endpoints.MapConnectionChanges().MapConnectionTests();
    }

    private static Ok<ConnectionSummary[]> List([FromServices] ConnectionRegistry connections, [FromServices] ISchemaProvider schemas, [FromServices] ISnapshotCatalog catalog) =>
        TypedResults.Ok(connections.Entries.OrderBy(static entry => entry.Name, StringComparer.Ordinal).Select(entry => Describe(entry, schemas.Find(entry.Name), catalog)).ToArray());

    private static Results<Ok<ConnectionResource>, ProblemHttpResult> Get(string connection, HttpContext context, [FromServices] ConnectionRegistry connections)
    {
        if (connections.FindEntry(connection) is not { } entry)
            return Problems.NoSuchConnection();

        context.Response.Headers.ETag = entry.ETag;
        return TypedResults.Ok(ConnectionMapping.ToResource(entry));
    }

    private static ConnectionSummary Describe(ConnectionEntry entry, SchemaRevision? schema, ISnapshotCatalog catalog) => new(
        entry.Name,
        Endpoints.Feed(entry.Name),
        entry.Origin,
        entry.IsPaused,
        entry.Problem,
        schema?.Tables.Length ?? 0,
        schema?.Tables.Count(table => catalog.FindCurrent(new TableId(entry.Name, table.Name)) is not null) ?? 0);
}
