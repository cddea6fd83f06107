using System.Collections;
using CoupaGateway.Access;
using CoupaGateway.Connections;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace CoupaGateway.Rest;

/// <summary>The documents that Swagger UI offers to the caller of the request: the REST API's, and that of each connection that is granted.</summary>
internal sealed class FeedDocuments(ConnectionRegistry connections, IHttpContextAccessor requests) : IEnumerable<UrlDescriptor>
{
    // Enumerated when the page is written, so that it follows the connections.
    public IEnumerator<UrlDescriptor> GetEnumerator()
    {
        yield return new UrlDescriptor { Name = "CoupaGateway", Url = $"{OpenApiDocuments.Name}/swagger.json" };
        var grants = requests.HttpContext is { } context ? Caller.Of(context).Grants : null;
        foreach (var connection in connections.All.Select(static definition => definition.Name).Order(StringComparer.Ordinal))
        {
            if (grants?.Covers(connection) != false)
                yield return new UrlDescriptor { Name = $"Feed {connection}", Url = $"..{Endpoints.Feed(connection)}$openapi" };
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
