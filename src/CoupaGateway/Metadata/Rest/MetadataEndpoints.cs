using CoupaGateway.Access;
using CoupaGateway.Connections;
using CoupaGateway.Drift;
using CoupaGateway.Metadata.Stored;
using CoupaGateway.Rest;
using CoupaGateway.Schema.Custom;
using CoupaGateway.Schema.Observed;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Metadata.Rest;

/// <summary>Custom metadata: the document that a customer writes to add tables and columns to those of the catalogue.</summary>
internal static class MetadataEndpoints
{
    private const string Json = "application/json", Metadata = "metadata";

    public static IEndpointRouteBuilder MapMetadata(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Endpoints.MetadataSchema, MetadataSchemaFile.Get)
            .WithTags("Metadata")
            .Needs(GatewayRole.Reader)
            .WithName("getMetadataSchema")
            .WithSummary("Get the JSON Schema of custom metadata")
            .WithDescription("Draft 2020-12, for editors. The gateway itself reads documents more leniently.");
        var group = endpoints.MapGroup($"{Endpoints.Api}/connections/{{connection}}/metadata").WithTags("Metadata").Needs(GatewayRole.Operator)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/", Get)
            .WithName("getMetadata")
            .WithSummary("Get the custom metadata of a connection")
            .WithDescription("The document as it was written. The entity tag in ETag is what a change has to send in If-Match.")
            .Produces<object>(contentType: Json);
        group.MapPut("/", PutAsync)
            .WithName("replaceMetadata")
            .WithSummary("Replace the custom metadata of a connection")
            .WithDescription("Takes effect at once: tables that become different are loaded anew in the background, and their old rows stay readable. A document with errors changes nothing. If-Match has to hold the entity tag, once there is a document.")
            .Accepts<object>(Json)
            .Changes();
        group.MapDelete("/", DeleteAsync)
            .WithName("deleteMetadata")
            .WithSummary("Remove the custom metadata of a connection")
            .WithDescription("Its tables and columns go; the history stays, so that it can be rolled back. If-Match has to hold the entity tag.")
            .Changes();
        group.MapPost("/validate", ValidateAsync)
            .WithName("validateMetadata")
            .WithSummary("Check custom metadata without saving it")
            .WithDescription("All findings at once, each with a JSON pointer, a stable code, what is wrong and how to mend it.")
            .Accepts<object>(Json)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/diff", DiffAsync)
            .WithName("compareMetadata")
            .WithSummary("Tell what custom metadata would change")
            .WithDescription("Tables and columns that would be added, removed or retyped, and the API tables that would be loaded anew.")
            .Accepts<object>(Json)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapMetadataPreview();
        group.MapDrift();
        group.MapGet("/effective", GetEffective)
            .WithName("getEffectiveMetadata")
            .WithSummary("Get the schema in force")
            .WithDescription("All tables and columns with where each comes from, and what is left out for which reason.");
        group.MapGet("/history", GetHistoryAsync)
            .WithName("listMetadataRevisions")
            .WithSummary("List the revisions of the custom metadata")
            .WithDescription($"The last {MetadataStore.Remembered} revisions, the newest first.");
        group.MapPost("/rollback/{revision:int}", RollBackAsync)
            .WithName("rollBackMetadata")
            .WithSummary("Go back to a revision of the custom metadata")
            .WithDescription("Makes a new revision with the document of an old one.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        return endpoints;
    }

    private static void Changes(this RouteHandlerBuilder endpoint) => endpoint.ProducesProblem(StatusCodes.Status400BadRequest).NeedsIfMatch();

    private static IResult Get(string connection, HttpContext context, [FromServices] ConnectionRegistry connections, [FromServices] MetadataDirectory directory)
    {
        if (connections.FindEntry(connection) is null)
            return Problems.NoSuchConnection();
        if (directory.Find(connection) is not { Text: { } text } metadata)
            return Problems.Create(404, "no-metadata", "There is no custom metadata.", "The connection has the tables of the catalogue. PUT a document to add to them.");

        context.Response.Headers.ETag = metadata.ETag;
        return EntityTags.Match(context.Request.Headers.IfNoneMatch, metadata.ETag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Text(text, Json);
    }

    private static async Task<Results<Ok<MetadataChange>, ProblemHttpResult>> PutAsync(
        string connection, HttpContext context, [FromServices] ConnectionRegistry connections, [FromServices] ConnectionSchemas schemas, [FromServices] MetadataDirectory directory, [FromServices] MetadataStore store,
        [FromServices] ObservedDirectory observed, CancellationToken cancellationToken)
    {
        if (connections.Find(connection) is not { } definition || schemas.FindWhole(connection) is not { } current)
            return Problems.NoSuchConnection();

        var text = await MetadataBody.ReadAsync(context.Request, cancellationToken);
        return await ChangeAsync(definition, current, text, context, directory, store, observed.Find(connection), needsTag: true, cancellationToken);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string connection, HttpContext context, [FromServices] ConnectionRegistry connections, [FromServices] MetadataDirectory directory, [FromServices] MetadataStore store, CancellationToken cancellationToken)
    {
        if (connections.FindEntry(connection) is null)
            return Problems.NoSuchConnection();
        if (directory.Find(connection) is not { Text: not null } known)
            return TypedResults.NoContent();
        if (EntityTags.Refuse(context.Request, Metadata, known.ETag, known.Text is not null) is { } refusal)
            return refusal;

        return await store.TryWriteAsync(connection, known, text: null, Caller.Of(context).Name, cancellationToken) is null ? EntityTags.Changed(Metadata) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<MetadataCheck>, ProblemHttpResult>> ValidateAsync(
        string connection, HttpContext context, [FromServices] ConnectionRegistry connections, [FromServices] ObservedDirectory observed, CancellationToken cancellationToken)
    {
        if (connections.Find(connection) is not { } definition)
            return Problems.NoSuchConnection();

        var (_, findings) = ConnectionSchema.Check(definition.Options, await MetadataBody.ReadAsync(context.Request, cancellationToken), observed.Find(connection));
        return findings is [{ Code: MetadataCodes.TooDeep, Pointer: "" }] ? MetadataFaults.Refuse(findings) : TypedResults.Ok(new MetadataCheck(!MetadataFaults.Any(findings), findings));
    }

    private static async Task<Results<Ok<SchemaDiff>, ProblemHttpResult>> DiffAsync(
        string connection, HttpContext context, [FromServices] ConnectionRegistry connections, [FromServices] ConnectionSchemas schemas, [FromServices] ObservedDirectory observed, CancellationToken cancellationToken)
    {
        if (connections.Find(connection) is not { } definition || schemas.FindWhole(connection) is not { } current)
            return Problems.NoSuchConnection();

        var (schema, findings) = ConnectionSchema.Check(definition.Options, await MetadataBody.ReadAsync(context.Request, cancellationToken), observed.Find(connection));
        return MetadataFaults.Any(findings) ? MetadataFaults.Refuse(findings) : TypedResults.Ok(SchemaDiff.Of(current.Result.Schema, schema.Result.Schema));
    }

    private static Results<Ok<EffectiveSchema>, ProblemHttpResult> GetEffective(
        string connection, [FromServices] ConnectionRegistry connections, [FromServices] ConnectionSchemas schemas, [FromServices] MetadataDirectory directory) =>
        connections.Find(connection) is { } definition && schemas.FindWhole(connection) is { } schema
            ? TypedResults.Ok(EffectiveSchema.Of(definition, directory.Find(connection), schema))
            : Problems.NoSuchConnection();

    private static async Task<Results<Ok<MetadataRevision[]>, ProblemHttpResult>> GetHistoryAsync(
        string connection, [FromServices] ConnectionRegistry connections, [FromServices] MetadataDirectory directory, [FromServices] MetadataStore store, CancellationToken cancellationToken)
    {
        if (connections.FindEntry(connection) is null)
            return Problems.NoSuchConnection();

        var current = directory.Find(connection).Revision;
        return TypedResults.Ok((await store.ReadHistoryAsync(connection, cancellationToken))
            .Select(revision => new MetadataRevision(revision.Revision, revision.At, revision.Who, revision.Text?.Length, revision.Revision == current)).ToArray());
    }

    private static async Task<Results<Ok<MetadataChange>, ProblemHttpResult>> RollBackAsync(
        string connection, int revision, HttpContext context, [FromServices] ConnectionRegistry connections, [FromServices] ConnectionSchemas schemas, [FromServices] MetadataDirectory directory,
        [FromServices] MetadataStore store, [FromServices] ObservedDirectory observed, CancellationToken cancellationToken)
    {
        if (connections.Find(connection) is not { } definition || schemas.FindWhole(connection) is not { } current)
            return Problems.NoSuchConnection();
        if ((await store.ReadHistoryAsync(connection, cancellationToken)).FirstOrDefault(old => old.Revision == revision) is not { } wanted)
            return Problems.Create(404, "no-such-revision", "There is no such revision.", "GET …/metadata/history lists the revisions that are remembered.");

        return await ChangeAsync(definition, current, wanted.Text, context, directory, store, observed.Find(connection), needsTag: false, cancellationToken);
    }

    /// <param name="before">The schema in force.</param>
    /// <param name="text">Null takes the document away.</param>
    /// <param name="needsTag">Whether the caller has to know what is replaced.</param>
    private static async Task<Results<Ok<MetadataChange>, ProblemHttpResult>> ChangeAsync(
        ConnectionDefinition definition, ConnectionSchema before, string? text, HttpContext context, MetadataDirectory directory, MetadataStore store, ObservedKeys observed, bool needsTag,
        CancellationToken cancellationToken)
    {
        var known = directory.Find(definition.Name);
        if (needsTag && EntityTags.Refuse(context.Request, Metadata, known.ETag, known.Text is not null) is { } refusal)
            return refusal;

        var (after, findings) = text is null ? (ConnectionSchema.Build(definition.Options, MetadataDocument.Empty, observed), []) : ConnectionSchema.Check(definition.Options, text, observed);
        if (MetadataFaults.Any(findings))
            return MetadataFaults.Refuse(findings);
        if (await store.TryWriteAsync(definition.Name, known, text, Caller.Of(context).Name, cancellationToken) is not { } now)
            return EntityTags.Changed(Metadata);

        context.Response.Headers.ETag = now.ETag;
        return TypedResults.Ok(new MetadataChange(now.Revision, definition.Options.CustomMetadata, findings, SchemaDiff.Of(before.Result.Schema, after.Result.Schema)));
    }
}
