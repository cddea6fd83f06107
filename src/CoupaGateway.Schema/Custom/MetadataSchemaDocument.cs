namespace CoupaGateway.Schema.Custom;

/// <summary>The JSON Schema (draft 2020-12) of custom metadata, for editors.</summary>
public static class MetadataSchemaDocument
{
    private const string Name = "custom-metadata.schema.json";

    public static Stream Open() => typeof(MetadataSchemaDocument).Assembly.GetManifestResourceStream($"{typeof(MetadataSchemaDocument).Namespace}.{Name}")!;
}
