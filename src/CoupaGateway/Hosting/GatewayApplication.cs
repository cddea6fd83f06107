using CoupaGateway.Access;
using CoupaGateway.Health;
using CoupaGateway.Metadata.Rest;
using CoupaGateway.OData;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Rest;

namespace CoupaGateway.Hosting;

/// <summary>Puts the web application together: services, then the pipeline from the outside in.</summary>
internal static class GatewayApplication
{
    public static WebApplication Create(string[] arguments, Action<WebApplicationBuilder>? configure = null)
    {
        // The one scheme checks the tokens that it is asked to check, and not every request.
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        var builder = WebApplication.CreateBuilder(arguments);
        builder.Services.AddSystemd();
        builder.Services.AddWindowsService(static service => service.ServiceName = "CoupaGateway");
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        builder.Configuration.AddSecretsFolder();
        configure?.Invoke(builder);
        builder.Services.AddCoupaGateway(builder.Configuration);

        var app = builder.Build();
        app.UseBrowserProtection();
        app.UseForwarding();
        app.UseMiddleware<AccessMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseOpenApiDocuments();
        app.MapHealth();
        app.MapConnections();
        app.MapTables();
        app.MapMetadata();
        app.MapSyncs();
        app.MapKeys();
        app.MapAudit();
        app.MapPseudonyms();
        app.MapODataFeeds().Needs(GatewayRole.Reader);
        return app;
    }
}
