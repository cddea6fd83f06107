using CoupaGateway.Access;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Rest;

/// <summary>What there is to read: connections and the state of their tables.</summary>
internal static class ConnectionEndpoints
{
    public static IEndpointRouteBuilder MapConnections(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup($"{Endpoints.Api}/connections").WithTags("Connections").Needs(GatewayRole.Operator);
        group.MapGet("/", List)
            .WithName("listConnections")
            .WithSummary("List connections")
            .WithDescription("All connections, each with the address of its feed and how many of its tables can be read by now.");
        group.MapGet("/{connection}/tables", Tables)
            .WithName("listTables")
            .WithSummary("List the tables of a connection")
            .WithDescription("The tables of a connection in the order of its schema, each with its size, version and time of load.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return endpoints;
    }

    private static Ok<ConnectionResource[]> List(ISchemaProvider schemas, ISnapshotCatalog catalog) =>
        TypedResults.Ok(schemas.Connections.Order(StringComparer.Ordinal).Select(name => Describe(name, schemas.Find(name)!, catalog)).ToArray());

    private static Results<Ok<TableResource[]>, ProblemHttpResult> Tables(
        string connection, [FromServices] ISchemaProvider schemas, [FromServices] ISnapshotCatalog catalog) =>
        schemas.Find(connection) is { } schema
            ? TypedResults.Ok(schema.Tables.Select(table => Describe(table, catalog.FindCurrent(new TableId(connection, table.Name)))).ToArray())
            : Problems.NoSuchConnection();

    private static ConnectionResource Describe(string name, SchemaRevision schema, ISnapshotCatalog catalog) => new(
        name,
        Endpoints.Feed(name),
        schema.Tables.Length,
        schema.Tables.Count(table => catalog.FindCurrent(new TableId(name, table.Name)) is not null));

    private static TableResource Describe(TableSchema table, TableManifest? manifest) => new(
        table.Name,
        table.Parent,
        table.Columns.Length,
        manifest is not null,
        manifest?.Rows,
        manifest?.Bytes,
        manifest?.Version,
        manifest?.CommittedAt);
}
