using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CoupaGateway.Rest;

/// <summary>Says what each group of operations is for.</summary>
internal sealed class TagDescriptions : IDocumentFilter
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["Audit"] = "Who did what, and when.",
        ["Connection test"] = "What is wrong with a connection, and how to mend it.",
        ["Connections"] = "Coupa instances, each with a feed of its own, and the state of their tables.",
        ["Health"] = "Whether the gateway is ready, and if not, why.",
        ["Keys"] = "Who may call the gateway.",
        ["Metadata"] = "Tables and columns that are added to the built-in ones.",
        ["Pseudonyms"] = "What becomes of personal data.",
        ["Syncs"] = "Runs that bring tables up to date.",
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (var tag in swaggerDoc.Tags ?? Enumerable.Empty<OpenApiTag>())
            tag.Description = Known.GetValueOrDefault(tag.Name ?? "");
    }
}
