using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CoupaGateway.Access;
using CoupaGateway.Schema;
using CoupaGateway.Sync;
using CoupaGateway.Sync.Runs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Rest;

/// <summary>Runs: ask for one, look at them, end one, and the records that could not be taken over.</summary>
internal static class SyncEndpoints
{
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(1);

    public static IEndpointRouteBuilder MapSyncs(this IEndpointRouteBuilder endpoints)
    {
        var connection = endpoints.MapGroup($"{Endpoints.Api}/connections/{{connection}}").WithTags("Syncs").Needs(GatewayRole.Operator).WithMetadata(new RequestSizeLimitAttribute(RestLimits.Body));
        var group = connection.MapGroup("/syncs");
        group.MapPost("/", StartAsync)
            .WithName("startSync")
            .WithSummary("Bring tables up to date")
            .WithDescription("Asks for a run of some or all API tables. It begins as soon as a worker is free, in whichever process. A table that is in another run already is refused with 409, which names that run.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/", ListAsync)
            .WithName("listSyncs")
            .WithSummary("List runs")
            .WithDescription("The newest runs, newest first, those that are going on and those that have ended.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/events", FollowAllAsync)
            .WithName("followSyncs")
            .WithSummary("Follow all runs")
            .WithDescription("Server-sent events: each run that is going on when it has changed, at most once a second, until the caller goes.")
            .Produces<SyncResource>(StatusCodes.Status200OK, EventStream.ContentType)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{sync}", GetAsync)
            .WithName("getSync")
            .WithSummary("Get a run")
            .WithDescription("How far each of its tables has come.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{sync}/events", FollowAsync)
            .WithName("followSync")
            .WithSummary("Follow a run")
            .WithDescription("Server-sent events: the run when it has changed, at most once a second, until it has ended.")
            .Produces<SyncResource>(StatusCodes.Status200OK, EventStream.ContentType)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/{sync}", CancelAsync)
            .WithName("cancelSync")
            .WithSummary("End a run")
            .WithDescription("Tables that are committed stay; the others keep the version they have. The workers stop within seconds.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        connection.MapGet("/dead-letters", ListDeadLettersAsync)
            .WithName("listDeadLetters")
            .WithSummary("List records that could not be taken over in full")
            .WithDescription("Table, key and reason, never the data. A run of mode retry reads them again; those that are whole by then leave the list.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return endpoints;
    }

    private static async Task<Results<Accepted<SyncResource>, ProblemHttpResult>> StartAsync(
        string connection, SyncInput input, [FromServices] ISchemaProvider schemas, [FromServices] ISyncRuns runs, CancellationToken cancellationToken)
    {
        if (schemas.Find(connection) is not { } schema)
            return Problems.NoSuchConnection();

        if (!SyncResource.TryReadMode(input.Mode, out var mode))
            return Problems.Create(400, "no-such-mode", "There is no such mode.", $"Give one of: {string.Join(", ", Enum.GetValues<LoadMode>().Select(EnumNames.Of))}.");

        var all = schema.ApiTables();
        var tables = input.Tables ?? [];
        if (tables.Except(all).ToArray() is { Length: > 0 } unknown)
            return Problems.Create(400, "no-such-table", "There is no such API table.", $"{string.Join(", ", unknown)}: no API table of the connection. There are: {string.Join(", ", all)}.");

        var request = new SyncRequest { Tables = [.. tables], Mode = mode, LooksBack = input.LooksBack };
        if (mode == LoadMode.Retry && await WithKeysAsync(connection, request, runs, cancellationToken) is var withKeys)
        {
            if (withKeys.Keys.IsEmpty)
                return Problems.Create(400, "nothing-to-retry", "There is nothing to retry.", "No record of these tables is on the dead-letter list.");

            request = withKeys;
        }

        try
        {
            var run = await runs.StartAsync(connection, request, cancellationToken);
            return TypedResults.Accepted(Address(connection, run.Id), SyncResource.Of(run));
        }
        catch (RunConflictException conflict)
        {
            return Problems.Create(409, "sync-running", "A table is in another run.", $"{conflict.Table} is in {Address(connection, conflict.RunId)}. Wait until it has ended, or end it.");
        }
    }

    private static async Task<SyncRequest> WithKeysAsync(string connection, SyncRequest request, ISyncRuns runs, CancellationToken cancellationToken)
    {
        var keys = (await runs.ListDeadLettersAsync(connection, cancellationToken))
            .Where(letter => request.Tables.IsEmpty || request.Tables.Contains(letter.Table))
            .GroupBy(static letter => letter.Table, static letter => letter.Key)
            .ToImmutableDictionary(static group => group.Key, static group => group.ToImmutableArray());
        return request with { Tables = [.. keys.Keys.Order(StringComparer.Ordinal)], Keys = keys };
    }

    private static async Task<Results<Ok<SyncResource[]>, ProblemHttpResult>> ListAsync(
        string connection, [FromServices] ISchemaProvider schemas, [FromServices] ISyncRuns runs, CancellationToken cancellationToken) =>
        schemas.Find(connection) is null
            ? Problems.NoSuchConnection()
            : TypedResults.Ok((await runs.ListAsync(connection, cancellationToken)).Select(SyncResource.Of).ToArray());

    private static async Task<Results<Ok<SyncResource>, ProblemHttpResult>> GetAsync(
        string connection, string sync, [FromServices] ISchemaProvider schemas, [FromServices] ISyncRuns runs, CancellationToken cancellationToken) =>
        schemas.Find(connection) is null ? Problems.NoSuchConnection()
        : await runs.FindAsync(connection, sync, cancellationToken) is { } run ? TypedResults.Ok(SyncResource.Of(run))
        : NoSuchSync();

    private static async Task<Results<Accepted<SyncResource>, ProblemHttpResult>> CancelAsync(
        string connection, string sync, [FromServices] ISchemaProvider schemas, [FromServices] ISyncRuns runs, CancellationToken cancellationToken)
    {
        if (schemas.Find(connection) is null)
            return Problems.NoSuchConnection();

        if (await runs.FindAsync(connection, sync, cancellationToken) is not { } run)
            return NoSuchSync();

        return run.IsOver || !await runs.CancelAsync(run, cancellationToken)
            ? Problems.Create(409, "sync-over", "The run has ended.", "There is nothing to end any more; what it committed stays.")
            : TypedResults.Accepted(Address(connection, sync), SyncResource.Of(run));
    }

    private static async Task<Results<Ok<DeadLetterResource[]>, ProblemHttpResult>> ListDeadLettersAsync(
        string connection, [FromServices] ISchemaProvider schemas, [FromServices] ISyncRuns runs, CancellationToken cancellationToken) =>
        schemas.Find(connection) is null
            ? Problems.NoSuchConnection()
            : TypedResults.Ok((await runs.ListDeadLettersAsync(connection, cancellationToken))
                .Select(static letter => new DeadLetterResource(letter.Table, letter.Key, letter.Reason, letter.FoundAt)).ToArray());

    private static async Task<IResult> FollowAsync(
        string connection, string sync, HttpContext context, [FromServices] ISchemaProvider schemas, [FromServices] ISyncRuns runs, [FromServices] TimeProvider time, CancellationToken cancellationToken) =>
        schemas.Find(connection) is null ? Problems.NoSuchConnection()
        : await runs.FindAsync(connection, sync, cancellationToken) is null ? NoSuchSync()
        : EventStream.Of(context, EventsAsync(
            async token => await runs.FindAsync(connection, sync, token) is { } run ? [run] : [], endsWithRuns: true, time, cancellationToken));

    private static IResult FollowAllAsync(
        string connection, HttpContext context, [FromServices] ISchemaProvider schemas, [FromServices] ISyncRuns runs, [FromServices] TimeProvider time, CancellationToken cancellationToken) =>
        schemas.Find(connection) is null
            ? Problems.NoSuchConnection()
            : EventStream.Of(context, EventsAsync(token => runs.ListAsync(connection, token), endsWithRuns: false, time, cancellationToken));

    /// <summary>Each run when it is another one than before. Of those that were over at the start nothing is told, unless one was asked for.</summary>
    private static async IAsyncEnumerable<SseItem<SyncResource>> EventsAsync(
        Func<CancellationToken, Task<IReadOnlyList<SyncRun>>> read, bool endsWithRuns, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var told = new Dictionary<string, SyncResource>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(Pulse, time);
        var isFirst = true;
        do
        {
            var current = await read(cancellationToken);
            foreach (var run in current.Reverse())
            {
                var resource = SyncResource.Of(run);
                var isNew = !told.TryGetValue(run.Id, out var before);
                told[run.Id] = resource;
                if (isNew ? endsWithRuns || !isFirst || !run.IsOver : !resource.Tables.SequenceEqual(before!.Tables))
                    yield return new SseItem<SyncResource>(resource, "sync");
            }

            if (endsWithRuns && current.All(static run => run.IsOver))
                yield break;

            isFirst = false;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private static string Address(string connection, string sync) => $"{Endpoints.Api}/connections/{connection}/syncs/{sync}";

    private static ProblemHttpResult NoSuchSync() => Problems.Create(
        StatusCodes.Status404NotFound, "no-such-sync", "No such run.", "There is no run of this id, or it is no longer remembered. GET …/syncs lists them.");
}
