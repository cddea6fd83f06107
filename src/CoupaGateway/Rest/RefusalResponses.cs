using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CoupaGateway.Rest;

/// <summary>Adds to every operation how it is refused to whoever may not call it, or not now.</summary>
internal sealed class RefusalResponses : IOperationFilter
{
    private static readonly (string Status, string Description)[] Refusals =
    [
        ("401", "The caller did not say who it is, or not with a key or token that is in force."),
        ("403", "The caller's role is too low."),
        ("429", "The caller's limits are used up; Retry-After says when to come again."),
        ("503", "The gateway is starting, or the OpenID Connect provider that would check the token does not answer; Retry-After says when to come again."),
    ];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        operation.Responses ??= [];
        foreach (var (status, description) in Refusals)
        {
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    ["application/problem+json"] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository) },
                },
            });
        }
    }
}
