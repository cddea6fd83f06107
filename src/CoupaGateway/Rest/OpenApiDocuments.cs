using Microsoft.OpenApi;

namespace CoupaGateway.Rest;

/// <summary>The OpenAPI document of the REST API, and the Swagger UI that shows it and those of the feeds.</summary>
internal static class OpenApiDocuments
{
    /// <summary>Name of the document, and of its file in <c>openapi/</c>.</summary>
    public const string Name = "gateway";

    public static IServiceCollection AddOpenApiDocuments(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddHttpContextAccessor();
        services.AddSingleton<FeedDocuments>();
        return services.AddSwaggerGen(static options =>
        {
            options.SwaggerDoc(Name, new OpenApiInfo
            {
                Title = "CoupaGateway",
                Version = "v1",
                Description = "Connections and their state, keys, the audit log. The tables themselves are read from the OData feeds at /odata/{connection}/.",
                License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
            });
            options.AddServer(new OpenApiServer { Url = "/", Description = "The gateway that serves this document." });
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.IncludeXmlComments(typeof(OpenApiDocuments).Assembly);
            options.SchemaFilter<OptionalSettings>();
            options.OperationFilter<RefusalResponses>();
            options.OperationFilter<IfMatchParameter>();
            options.OperationFilter<OperationExamples>();
            options.DocumentFilter<TagDescriptions>();
            AddSecurity(options, "basic", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "Any user name, and a key as the password." });
            AddSecurity(options, "bearer", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key, or a token of the OpenID Connect provider." });
            AddSecurity(options, "key", new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = Access.Authentication.KeyHeader, Description = "A key." });
        });
    }

    public static WebApplication UseOpenApiDocuments(this WebApplication app)
    {
        app.UseSwagger();
        app.UseSwaggerUI(options =>
        {
            options.ConfigObject.Urls = app.Services.GetRequiredService<FeedDocuments>();
            options.RoutePrefix = Endpoints.Swagger.TrimStart('/');
            options.DocumentTitle = "CoupaGateway";
        });
        return app;
    }

    private static void AddSecurity(Swashbuckle.AspNetCore.SwaggerGen.SwaggerGenOptions options, string name, OpenApiSecurityScheme scheme)
    {
        options.AddSecurityDefinition(name, scheme);
        options.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, document)] = [] });
    }
}
