using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.Rest;

/// <summary>The conditions of requests: whoever changes something says which state of it he knows (RFC 9110, section 13.1).</summary>
internal static class EntityTags
{
    /// <summary>Says in the OpenAPI document that an endpoint checks If-Match with <see cref="Refuse"/>.</summary>
    public static RouteHandlerBuilder NeedsIfMatch(this RouteHandlerBuilder endpoint) => endpoint
        .WithMetadata(new IfMatchParameter.Marker())
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    /// <summary>Whether a change may go on by its If-Match.</summary>
    /// <param name="what">What is changed, as <c>connection</c>.</param>
    /// <param name="etag">Entity tag of its state.</param>
    /// <param name="exists">Whether there is anything yet; without, nobody has to know its state.</param>
    /// <returns>428 or 412; null when it may.</returns>
    public static ProblemHttpResult? Refuse(HttpRequest request, string what, string etag, bool exists = true)
    {
        if (request.Headers.IfMatch.Count > 0)
            return Match(request.Headers.IfMatch, etag, exists) ? null : Changed(what);

        return !exists
            ? null
            : Problems.Create(StatusCodes.Status428PreconditionRequired, "if-match-missing", "If-Match is missing.", $"Get the {what} and send its ETag in If-Match, so that no other change is lost.");
    }

    /// <summary>Whether one of the tags in a header is this one, or <c>*</c> stands for whatever exists.</summary>
    public static bool Match(StringValues header, string etag, bool exists = true) =>
        EntityTagHeaderValue.TryParseList(header.ToArray()!, out var tags)
        && tags.Any(tag => (tag.Equals(EntityTagHeaderValue.Any) && exists) || tag.Compare(new EntityTagHeaderValue(etag), useStrongComparison: true));

    public static ProblemHttpResult Changed(string what) =>
        Problems.Create(StatusCodes.Status412PreconditionFailed, "changed-since", $"The {what} has been changed since.", "Get it again and repeat the change.");
}
