using CoupaGateway.Schema.Custom;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoupaGateway.Metadata.Rest;

/// <summary>Serves the JSON Schema of custom metadata.</summary>
internal static class MetadataSchemaFile
{
    private const string MediaType = "application/schema+json";

    public static FileStreamHttpResult Get() => TypedResults.Stream(MetadataSchemaDocument.Open(), MediaType);
}
