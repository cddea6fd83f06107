using CoupaGateway.Access;
using CoupaGateway.Access.Keys;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Rest;

/// <summary>Keys: made, listed, rotated, revoked.</summary>
internal static class KeyEndpoints
{
    private const int LongestOverlap = 7 * 24 * 3600;

    public static IEndpointRouteBuilder MapKeys(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup($"{Endpoints.Api}/keys").WithTags("Keys").Needs(GatewayRole.Admin).WithMetadata(new RequestSizeLimitAttribute(RestLimits.Body));
        group.MapGet("/", List)
            .WithName("listKeys")
            .WithSummary("List keys")
            .WithDescription("All keys in the order in which they were made, without their secrets.");
        group.MapGet("/{id}", Get)
            .WithName("getKey")
            .WithSummary("Get a key")
            .WithDescription("One key, without its secret.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/", CreateAsync)
            .WithName("createKey")
            .WithSummary("Make a key")
            .WithDescription("The answer holds the key itself. It is shown this once: only a hash is kept.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/{id}/rotate", RotateAsync)
            .WithName("rotateKey")
            .WithSummary("Give a key a new secret")
            .WithDescription("The answer holds the new key. The old one can hold on for a while, so that clients can change over.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/{id}", RevokeAsync)
            .WithName("revokeKey")
            .WithSummary("Revoke a key")
            .WithDescription("The key is refused from now on, by the other gateways within a second. The last key of an administrator stays when there is no other way in.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        return endpoints;
    }

    private static Ok<KeyResource[]> List([FromServices] ApiKeyDirectory keys) =>
        TypedResults.Ok(keys.All.OrderBy(static key => key.CreatedAt).ThenBy(static key => key.Id, StringComparer.Ordinal).Select(static key => KeyResource.Of(key)).ToArray());

    private static Results<Ok<KeyResource>, ProblemHttpResult> Get(string id, [FromServices] ApiKeyDirectory keys) =>
        keys.Find(id) is { } key ? TypedResults.Ok(KeyResource.Of(key)) : NoSuchKey();

    private static async Task<Results<Created<KeyResource>, ProblemHttpResult>> CreateAsync(
        KeyInput input, HttpContext context, [FromServices] KeyStore keys, [FromServices] TimeProvider time, CancellationToken cancellationToken)
    {
        if (input.Validate(time.GetUtcNow()) is { Count: > 0 } errors)
            return Problems.Invalid(errors);

        var (key, text) = await keys.CreateAsync(input, Caller.Of(context).Name, cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"{Endpoints.Api}/keys/{key.Id}", KeyResource.Of(key, text));
    }

    /// <param name="overlapSeconds">How long the old secret still holds, 0 to 604800 (a week). The default is 0.</param>
    private static async Task<Results<Ok<KeyResource>, ProblemHttpResult>> RotateAsync(
        string id, HttpContext context, [FromServices] KeyStore keys, CancellationToken cancellationToken, int overlapSeconds = 0)
    {
        if (overlapSeconds is < 0 or > LongestOverlap)
            return Problems.Invalid(new Dictionary<string, string[]> { ["overlapSeconds"] = [$"Give 0 to {LongestOverlap}."] });
        if (await keys.RotateAsync(id, TimeSpan.FromSeconds(overlapSeconds), cancellationToken) is not var (key, text))
            return NoSuchKey();

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(KeyResource.Of(key, text));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        string id,
        [FromServices] KeyStore keys,
        [FromServices] ApiKeyDirectory directory,
        [FromServices] Microsoft.Extensions.Options.IOptions<Access.Tokens.OidcOptions> oidc,
        CancellationToken cancellationToken)
    {
        if (!oidc.Value.IsEnabled && directory.Find(id) is { Role: GatewayRole.Admin, ExpiresAt: null }
            && !directory.All.Any(key => key is { Role: GatewayRole.Admin, ExpiresAt: null } && key.Id != id))
        {
            return Problems.Create(
                StatusCodes.Status409Conflict,
                "last-admin-key",
                "This is the last key of an administrator.",
                "Without it nobody could make keys. Make another one for an administrator, without an end, first.");
        }

        return await keys.RevokeAsync(id, cancellationToken) ? TypedResults.NoContent() : NoSuchKey();
    }

    private static ProblemHttpResult NoSuchKey() => Problems.Create(
        StatusCodes.Status404NotFound, "no-such-key", "No such key.", $"There is no key of this id. GET {Endpoints.Api}/keys lists them.");
}
