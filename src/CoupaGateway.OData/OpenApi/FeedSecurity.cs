using System.Text.Json.Nodes;

namespace CoupaGateway.OData.OpenApi;

/// <summary>The ways in which a caller says who it is, as OpenAPI documents name them.</summary>
internal static class FeedSecurity
{
    public static string[] Names { get; } = ["basic", "bearer", "key"];

    public static JsonObject Schemes() => new()
    {
        ["basic"] = new JsonObject { ["type"] = "http", ["scheme"] = "basic", ["description"] = "Any user name, and a key as the password." },
        ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "A key, or a token of the OpenID Connect provider." },
        ["key"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Api-Key", ["description"] = "A key." },
    };
}
