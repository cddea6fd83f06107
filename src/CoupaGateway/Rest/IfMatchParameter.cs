using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CoupaGateway.Rest;

/// <summary>Shows the If-Match header of operations that replace or change what somebody else may have changed (<see cref="EntityTags.NeedsIfMatch"/>).</summary>
internal sealed class IfMatchParameter : IOperationFilter
{
    public const string Name = "If-Match";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<Marker>().Any())
            return;

        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = Name,
            In = ParameterLocation.Header,
            Description = "The ETag that GET gave; * for whatever there is now.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    /// <summary>Metadata of an endpoint that checks the header.</summary>
    internal sealed record Marker;
}
