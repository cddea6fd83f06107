using System.Text.Json.Nodes;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.OpenApi;

/// <summary>The part of the OpenAPI document about what is asked by POST: queries too long for a URL, and several requests at once.</summary>
internal static class FeedOpenApiPosts
{
    public static JsonObject Query(IEdmEntitySet set, IEdmEntityType type) => Post(
        FeedOpenApi.Operation(
            $"query_{set.Name}",
            $"Read rows of {set.Name} by a query in the body",
            set.Name,
            [],
            new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object", ["description"] = "As of the same query in a URL." } } }),
        "What would stand behind the question mark of a URL, however long.",
        "text/plain",
        new JsonObject { ["type"] = "string" },
        $"$filter={type.DeclaredKey.First().Name} gt 0&$top=5");

    /// <param name="set">An entity set for the example; null where there is none.</param>
    public static JsonObject Batch(string? set)
    {
        var post = Post(
            FeedOpenApi.Operation(
                "batch",
                "Send several requests at once",
                "$batch",
                [],
                new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Object("responses", Answer()) } }),
            "Requests that read; each is answered as if it had come alone, until one fails, or all with Prefer: odata.continue-on-error. multipart/mixed is taken, too.",
            "application/json",
            Object("requests", Request()),
            new JsonObject
            {
                ["requests"] = new JsonArray(
                    new JsonObject { ["id"] = "1", ["method"] = "GET", ["url"] = "$metadata?$format=json" },
                    new JsonObject { ["id"] = "2", ["method"] = "GET", ["url"] = set is null ? "" : $"{set}?$top=5" }),
            });
        ((JsonObject)post["post"]!["responses"]!)["415"] = FeedOpenApi.Reference("responses", "error");
        return post;
    }

    private static JsonObject Post(JsonObject operation, string description, string contentType, JsonObject schema, JsonNode example)
    {
        operation["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["description"] = description,
            ["content"] = new JsonObject { [contentType] = new JsonObject { ["schema"] = schema, ["example"] = example } },
        };
        return new JsonObject { ["post"] = operation };
    }

    private static JsonObject Object(string list, JsonObject item) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray(list),
        ["properties"] = new JsonObject { [list] = new JsonObject { ["type"] = "array", ["items"] = item } },
    };

    private static JsonObject Request() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("id", "method", "url"),
        ["properties"] = new JsonObject
        {
            ["id"] = Text(),
            ["method"] = Text(),
            ["url"] = Text(),
            ["headers"] = Headers(),
            ["dependsOn"] = new JsonObject { ["type"] = "array", ["items"] = Text() },
            ["body"] = new JsonObject(),
        },
    };

    private static JsonObject Answer() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("id", "status"),
        ["properties"] = new JsonObject { ["id"] = Text(), ["status"] = new JsonObject { ["type"] = "integer" }, ["headers"] = Headers(), ["body"] = new JsonObject() },
    };

    private static JsonObject Headers() => new() { ["type"] = "object", ["additionalProperties"] = Text() };

    private static JsonObject Text() => new() { ["type"] = "string" };
}
