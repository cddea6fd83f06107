using CoupaGateway.Access;
using CoupaGateway.Connections;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Staleness;
using CoupaGateway.Sync.Runs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Rest;

/// <summary>The state of a connection's tables.</summary>
internal static class TableEndpoints
{
    public static IEndpointRouteBuilder MapTables(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet($"{Endpoints.Api}/connections/{{connection}}/tables", ListAsync)
            .WithTags("Connections")
            .Needs(GatewayRole.Operator)
            .WithName("listTables")
            .WithSummary("List the tables of a connection")
            .WithDescription("The tables of a connection in the order of its schema, each with its size, version and age, its last run and when it is due next.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return endpoints;
    }

    private static async Task<Results<Ok<TableResource[]>, ProblemHttpResult>> ListAsync(
        string connection,
        [FromServices] ISchemaProvider schemas,
        [FromServices] IConnectionDefinitions definitions,
        [FromServices] TableAges ages,
        [FromServices] ISnapshotCatalog catalog,
        [FromServices] ISyncRuns runs,
        [FromServices] TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (schemas.Find(connection) is not { } schema || definitions.Find(connection) is not { } definition)
            return Problems.NoSuchConnection();

        var last = new Dictionary<string, TableRunResource>(StringComparer.Ordinal);
        foreach (var run in await runs.ListAsync(connection, cancellationToken))
        {
            foreach (var table in run.Tables)
                last.TryAdd(table.Table, new TableRunResource(run.Id, EnumNames.Of(table.Mode), EnumNames.Of(table.State), table.EndedAt));
        }

        var now = time.GetUtcNow();
        return TypedResults.Ok(schema.Tables.Select(Describe).ToArray());

        TableResource Describe(TableSchema table)
        {
            var id = new TableId(connection, table.Name);
            var manifest = catalog.FindCurrent(id);
            var age = ages.Find(connection, table);
            return new TableResource(
                table.Name,
                table.Parent,
                table.Columns.Length,
                manifest is not null,
                catalog.IsDamaged(id),
                manifest?.Rows,
                manifest?.Bytes,
                manifest?.Version,
                manifest?.CommittedAt,
                ages.FindWatermark(connection, table),
                age is { } some ? (long)some.TotalSeconds : null,
                ages.IsStale(age),
                last.GetValueOrDefault(table.Root),
                definition.Schedule.FindNext(table.Root, now));
        }
    }
}
