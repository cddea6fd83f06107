using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CoupaGateway.Rest;

/// <summary>
/// Fills parameters and bodies with what works in the demo, so that Swagger UI's Execute does something at once. The examples are in
/// <c>operation-examples.json</c>, by operation id; <c>bodyOf</c> takes the body of another operation.
/// </summary>
internal sealed class OperationExamples : IOperationFilter
{
    private const string Body = "body";
    private const string Connection = "connection";
    private const string DemoConnection = "demo";

    private static readonly JsonObject Examples = Read();

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var example = Examples[operation.OperationId ?? ""];
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Example = example?["parameters"]?[parameter.Name ?? ""]?.DeepClone()
                ?? (parameter.Name == Connection ? JsonValue.Create(DemoConnection) : parameter.Example);
        }

        var body = example?["bodyOf"] is { } other ? Examples[other.GetValue<string>()]?[Body] : example?[Body];
        foreach (var media in operation.RequestBody?.Content?.Values.OfType<OpenApiMediaType>() ?? [])
            media.Example = body?.DeepClone();
    }

    private static JsonObject Read()
    {
        using var file = typeof(OperationExamples).Assembly.GetManifestResourceStream(typeof(OperationExamples), "operation-examples.json")
            ?? throw new InvalidOperationException("The examples are not in the assembly.");
        return JsonNode.Parse(file)!.AsObject();
    }
}
