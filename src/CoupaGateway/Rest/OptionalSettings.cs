using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CoupaGateway.Rest;

/// <summary>Settings that come in have defaults: none of them has to be given because it cannot be null. What is missing nevertheless is told by the validation.</summary>
internal sealed class OptionalSettings : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema known && (context.Type.Name.EndsWith("Input", StringComparison.Ordinal) || context.Type.Name.EndsWith("Options", StringComparison.Ordinal)))
            known.Required = null;
    }
}
