using System.Text.Json;
using System.Text.Json.Nodes;
using CoupaGateway.Access;
using CoupaGateway.Connections;
using CoupaGateway.Connections.Stored;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Rest;

/// <summary>Connections: added, changed, removed, paused.</summary>
internal static class ConnectionChangeEndpoints
{
    private const string Connection = "connection";

    /// <summary>Longest body in bytes: a connection with every table and rule named stays well below.</summary>
    public static IEndpointRouteBuilder MapConnectionChanges(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup($"{Endpoints.Api}/connections").WithTags("Connections").Needs(GatewayRole.Admin).WithMetadata(new RequestSizeLimitAttribute(RestLimits.Body));
        group.MapPost("/", AddAsync)
            .WithName("createConnection")
            .WithSummary("Add a connection")
            .WithDescription("The connection is stored with its secret encrypted, and its tables begin to load. Test the settings first with testSettings.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPut("/{connection}", PutAsync)
            .WithName("replaceConnection")
            .WithSummary("Replace the settings of a connection")
            .WithDescription("What is left out gets its default; the secret stays when it is left out and the host is the same. If-Match has to hold the entity tag.")
            .Changes();
        group.MapPatch("/{connection}", PatchAsync)
            .WithName("changeConnection")
            .WithSummary("Change some settings of a connection")
            .WithDescription("A JSON merge patch (RFC 7396): what is left out stays. If-Match has to hold the entity tag.")
            .Accepts<ConnectionInput>("application/merge-patch+json", "application/json")
            .Changes();
        group.MapDelete("/{connection}", DeleteAsync)
            .WithName("deleteConnection")
            .WithSummary("Remove a connection with its tables")
            .WithDescription("Stops its loads and removes its tables from the cache. The name has to be given once more in confirm.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/{connection}/pause", static (string connection, [FromServices] ConnectionRegistry connections, [FromServices] ConnectionStore store, CancellationToken cancellationToken) =>
                PauseAsync(connection, isPaused: true, connections, store, cancellationToken))
            .WithName("pauseConnection")
            .WithSummary("Pause a connection")
            .WithDescription("Its tables are served as they are; nothing is asked of Coupa any more. Works for connections of the configuration too.")
            .Needs(GatewayRole.Operator)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/{connection}/resume", static (string connection, [FromServices] ConnectionRegistry connections, [FromServices] ConnectionStore store, CancellationToken cancellationToken) =>
                PauseAsync(connection, isPaused: false, connections, store, cancellationToken))
            .WithName("resumeConnection")
            .WithSummary("Resume a connection")
            .WithDescription("Its tables are kept in sync again.")
            .Needs(GatewayRole.Operator)
            .ProducesProblem(StatusCodes.Status404NotFound);
        return endpoints;
    }

    private static void Changes(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .NeedsIfMatch();

    private static async Task<Results<Created<ConnectionResource>, ProblemHttpResult>> AddAsync(
        ConnectionInput input,
        HttpContext context,
        [FromServices] ConnectionInputValidation validation,
        [FromServices] ConnectionRegistry connections,
        [FromServices] ConnectionStore store,
        CancellationToken cancellationToken)
    {
        if (validation.Validate(input, current: null) is { Count: > 0 } errors)
            return Problems.Invalid(errors);
        if (connections.FindEntry(input.Name!) is not null || !await store.TryAddAsync(input, cancellationToken))
            return Problems.Create(StatusCodes.Status409Conflict, "connection-exists", "There is a connection of this name.", "Choose another name, or change the connection that there is.");

        var entry = connections.FindEntry(input.Name!)!;
        context.Response.Headers.ETag = entry.ETag;
        return TypedResults.Created($"{Endpoints.Api}/connections/{entry.Name}", ConnectionMapping.ToResource(entry));
    }

    private static Task<Results<Ok<ConnectionResource>, ProblemHttpResult>> PutAsync(
        string connection,
        ConnectionInput input,
        HttpContext context,
        [FromServices] ConnectionInputValidation validation,
        [FromServices] ConnectionRegistry connections,
        [FromServices] ConnectionStore store,
        CancellationToken cancellationToken) =>
        ReplaceAsync(connection, _ => input, context, validation, connections, store, cancellationToken);

    private static Task<Results<Ok<ConnectionResource>, ProblemHttpResult>> PatchAsync(
        string connection,
        JsonElement patch,
        HttpContext context,
        [FromServices] ConnectionInputValidation validation,
        [FromServices] ConnectionRegistry connections,
        [FromServices] ConnectionStore store,
        CancellationToken cancellationToken) =>
        ReplaceAsync(connection, entry => Merge(entry, patch), context, validation, connections, store, cancellationToken);

    private static async Task<Results<Ok<ConnectionResource>, ProblemHttpResult>> ReplaceAsync(
        string connection,
        Func<ConnectionEntry, ConnectionInput> make,
        HttpContext context,
        ConnectionInputValidation validation,
        ConnectionRegistry connections,
        ConnectionStore store,
        CancellationToken cancellationToken)
    {
        if (connections.FindEntry(connection) is not { } entry)
            return Problems.NoSuchConnection();
        if (entry.Origin == ConnectionOrigin.Configuration)
            return FromConfiguration();
        if (EntityTags.Refuse(context.Request, Connection, entry.ETag) is { } refusal)
            return refusal;

        ConnectionInput input;
        try
        {
            input = make(entry);
        }
        catch (JsonException error)
        {
            throw new BadHttpRequestException("The patch cannot be read.", StatusCodes.Status400BadRequest, error);
        }

        if (validation.Validate(input, entry) is { Count: > 0 } errors)
            return Problems.Invalid(errors);
        if (!await store.TryReplaceAsync(entry, input, cancellationToken) || connections.FindEntry(connection) is not { } now)
            return EntityTags.Changed(Connection);

        context.Response.Headers.ETag = now.ETag;
        return TypedResults.Ok(ConnectionMapping.ToResource(now));
    }

    /// <param name="confirm">The name of the connection once more.</param>
    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string connection,
        [FromServices] ConnectionRegistry connections,
        [FromServices] ConnectionStore store,
        CancellationToken cancellationToken,
        string? confirm = null)
    {
        if (connections.FindEntry(connection) is not { } entry)
            return Problems.NoSuchConnection();
        if (entry.Origin == ConnectionOrigin.Configuration)
            return FromConfiguration();
        if (confirm != connection)
            return Problems.Invalid(new Dictionary<string, string[]> { ["confirm"] = ["Give the name of the connection once more: its tables are removed with it."] });

        return await store.TryRemoveAsync(entry, cancellationToken) ? TypedResults.NoContent() : EntityTags.Changed(Connection);
    }

    private static async Task<Results<Ok<ConnectionResource>, ProblemHttpResult>> PauseAsync(
        string connection, bool isPaused, ConnectionRegistry connections, ConnectionStore store, CancellationToken cancellationToken)
    {
        if (connections.FindEntry(connection) is null)
            return Problems.NoSuchConnection();

        await store.SetPausedAsync(connection, isPaused, cancellationToken);
        return connections.FindEntry(connection) is { } entry ? TypedResults.Ok(ConnectionMapping.ToResource(entry)) : Problems.NoSuchConnection();
    }

    private static ConnectionInput Merge(ConnectionEntry entry, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
            throw new JsonException("A patch is an object.");

        var options = AccessDocuments.Json;
        var merged = JsonSerializer.SerializeToNode(ConnectionMapping.ToInput(entry.Settings, entry.Name), options)!.AsObject();
        Merge(merged, patch);
        return merged.Deserialize<ConnectionInput>(options)!;
    }

    private static void Merge(JsonObject target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                target.Remove(member.Name);
            else if (member.Value.ValueKind == JsonValueKind.Object && target[member.Name] is JsonObject inner)
                Merge(inner, member.Value);
            else
                target[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }
    }

    private static ProblemHttpResult FromConfiguration() => Problems.Create(
        StatusCodes.Status409Conflict, "from-configuration", "The connection is part of the configuration.", "Change it there; it can only be paused and resumed here.");
}
