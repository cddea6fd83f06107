using CoupaGateway.Access;
using CoupaGateway.OData;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Rest;
using CoupaGateway.Staleness;

namespace CoupaGateway.Hosting;

/// <summary>Puts the web application together: services, then the pipeline from the outside in.</summary>
internal static class GatewayApplication
{
    public static WebApplication Create(string[] arguments, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        configure?.Invoke(builder);
        builder.Services.AddCoupaGateway(builder.Configuration);

        var app = builder.Build();
        app.UseMiddleware<AccessMiddleware>();
        app.UseOpenApiDocuments();
        app.MapGet(Endpoints.Live, static () => TypedResults.Ok()).ExcludeFromDescription();
        app.MapReadiness();
        app.MapConnections();
        app.MapTables();
        app.MapSyncs();
        app.MapPseudonyms();
        app.MapODataFeeds();
        return app;
    }
}
