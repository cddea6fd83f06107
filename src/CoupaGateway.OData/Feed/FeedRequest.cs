using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Model;
using CoupaGateway.OData.Query;
using CoupaGateway.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.OData;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Feed;

/// <summary>A request to a feed whose connection is known and whose options are read.</summary>
/// <param name="Connection">Name of the connection.</param>
/// <param name="Root">Absolute address of the service root, without a slash at its end.</param>
/// <param name="Path">Path below the service root, without slashes around it.</param>
internal sealed record FeedRequest(
    HttpContext Http, string Connection, SchemaRevision Schema, FeedModel Model, string Root, string Path, QueryOptionSet Query, FeedOptions Options)
{
    /// <summary>Most rows in a page of this caller.</summary>
    public required int MaxPageSize { get; init; }

    /// <summary>What <c>Prefer</c> headers ask for.</summary>
    public required Preferences Preferences { get; init; }

    /// <summary>The version that the answer is written in.</summary>
    public required ODataVersion Version { get; init; }

    /// <summary>Whether the query is the body of a POST: then nothing of it may be in a cache, and it may be too long for a link.</summary>
    public bool IsPost => HttpMethods.IsPost(Http.Request.Method);

    public bool IsHead => HttpMethods.IsHead(Http.Request.Method);

    public string ContextUrl => Root + "/$metadata";

    /// <summary>The JSON that the caller takes.</summary>
    /// <exception cref="Errors.FeedException">406: the caller takes none.</exception>
    public ResponseFormat Json() => FormatNegotiator.Json(Query[QueryOptionSet.Format], Http.Request.Headers.Accept) with { Version = Version };

    public QueryOptionParser Parser(IEdmEntitySet set) => new(Model, Options, Query, set.EntityType, set, Query.Expressions);
}
