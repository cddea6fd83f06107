using CoupaGateway.Access;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.AspNetCore.Http.HttpResults;

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
        return endpoints;
    }

    private static Ok<ConnectionResource[]> List(ISchemaProvider schemas, ISnapshotCatalog catalog) =>
        TypedResults.Ok(schemas.Connections.Order(StringComparer.Ordinal).Select(name => Describe(name, schemas.Find(name)!, catalog)).ToArray());

    private static ConnectionResource Describe(string name, SchemaRevision schema, ISnapshotCatalog catalog) => new(
        name,
        Endpoints.Feed(name),
        schema.Tables.Length,
        schema.Tables.Count(table => catalog.FindCurrent(new TableId(name, table.Name)) is not null));
}
