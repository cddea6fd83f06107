using Microsoft.OpenApi;

namespace CoupaGateway.Rest;

/// <summary>The OpenAPI document of the REST API and the Swagger UI that shows it.</summary>
internal static class OpenApiDocuments
{
    /// <summary>Name of the document, and of its file in <c>openapi/</c>.</summary>
    public const string Name = "gateway";

    public static IServiceCollection AddOpenApiDocuments(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        return services.AddSwaggerGen(static options =>
        {
            options.SwaggerDoc(Name, new OpenApiInfo
            {
                Title = "CoupaGateway",
                Version = "v1",
                Description = "Connections and their state, keys, the audit log. The tables themselves are read from the OData feeds at /odata/{connection}/.",
                License = new OpenApiLicense { Name = "MIT" },
            });
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.IncludeXmlComments(typeof(OpenApiDocuments).Assembly);
        });
    }

    public static WebApplication UseOpenApiDocuments(this WebApplication app)
    {
        app.UseSwagger();
        app.UseSwaggerUI(static options =>
        {
            options.SwaggerEndpoint($"{Name}/swagger.json", "CoupaGateway");
            options.RoutePrefix = Endpoints.Swagger.TrimStart('/');
            options.DocumentTitle = "CoupaGateway";
        });
        return app;
    }
}
