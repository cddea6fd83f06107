using CoupaGateway.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Feed;

/// <summary>What a request is for, as far as it names what there is; no more of its address than that: keys and filter values can be personal, and anybody could fill memory with names.</summary>
/// <param name="Connection">Name of the connection, or empty.</param>
/// <param name="Table">Name of the table that the path begins with, or empty.</param>
internal readonly record struct FeedTarget(string Connection, string Table)
{
    public static FeedTarget Of(HttpContext context)
    {
        var schemas = context.RequestServices.GetRequiredService<ISchemaProvider>();
        if (context.GetRouteValue("connection") is not string connection || schemas.Find(connection) is not { } schema)
            return new(string.Empty, string.Empty);

        var path = context.GetRouteValue("path") as string ?? string.Empty;
        var end = path.AsSpan().IndexOfAny('/', '(');
        return schema.TryGetTable(end < 0 ? path : path[..end], out var table) ? new(connection, table.Name) : new(connection, string.Empty);
    }

    public override string ToString() => $"{Connection}/{Table}";
}
