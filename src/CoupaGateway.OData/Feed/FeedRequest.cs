using CoupaGateway.OData.Model;
using CoupaGateway.OData.Query;
using CoupaGateway.Schema;
using Microsoft.AspNetCore.Http;
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

    public bool IsHead => HttpMethods.IsHead(Http.Request.Method);

    public string ContextUrl => Root + "/$metadata";

    public QueryOptionParser Parser(IEdmEntitySet set) => new(Model, Options, Query, set.EntityType, set, Query.Expressions);
}
