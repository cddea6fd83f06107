using CoupaGateway.OData.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Feed;

/// <summary>
/// <c>If-None-Match</c> and <c>If-Match</c> (RFC 9110, section 13). A tag names the whole request beside the state of its tables, so a client that has the
/// tag has asked the same before, and was answered: nothing else of the request needs to be looked at.
/// </summary>
internal static class Preconditions
{
    /// <summary>Whether the client has what the tag names. Then the answer, 304, is complete.</summary>
    /// <param name="tag">Tag of the answer; null when it has none.</param>
    /// <exception cref="FeedException">412: the client wants another state than this.</exception>
    public static bool IsKnown(HttpContext context, string? tag)
    {
        if (tag is null || HttpMethods.IsPost(context.Request.Method))
            return false;

        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfMatch is { Count: > 0 } wanted && !Names(wanted, tag) && !NamesAny(wanted))
            throw new FeedException(StatusCodes.Status412PreconditionFailed, ErrorCodes.PreconditionFailed, "The data is no longer what If-Match names.", HeaderNames.IfMatch);

        return Names(context.Request.Headers.IfNoneMatch, tag) && NotModified(context);
    }

    /// <summary>Whether the client wants an answer only where there is none, with <c>If-None-Match: *</c>. Called when it is certain that there is one.</summary>
    public static bool IsAnyKnown(HttpContext context) => !HttpMethods.IsPost(context.Request.Method) && NamesAny(context.Request.Headers.IfNoneMatch) && NotModified(context);

    private static bool NotModified(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    private static bool NamesAny(StringValues header) => header is [{ } only] && only.Trim() == "*";

    /// <summary>Compared weakly: all tags are weak, for compression changes the bytes.</summary>
    private static bool Names(StringValues header, string tag) =>
        header.Count > 0
        && EntityTagHeaderValue.TryParseList(header!, out var tags)
        && tags.Any(known => known.Compare(new EntityTagHeaderValue(tag[2..], isWeak: true), useStrongComparison: false));
}
