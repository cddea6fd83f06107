using System.Text.Json.Nodes;
using CoupaGateway.OData.Deltas;
using CoupaGateway.OData.Model;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.OpenApi;

/// <summary>Describes a feed as an OpenAPI 3.0 document, from the EDM: whatever the EDM lacks, because it is not granted, is not in the document either.</summary>
internal static class FeedOpenApi
{
    private const int SelectedColumns = 5;

    /// <param name="connection">Name of the connection.</param>
    /// <param name="root">Path of the service root, without a slash at its end.</param>
    public static JsonObject Describe(FeedModel model, string connection, string root)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject();
        var tags = new JsonArray();
        foreach (var set in model.Edm.EntityContainer.EntitySets())
        {
            var type = set.EntityType;
            var table = model.TableOf(type);
            var tag = new JsonObject { ["name"] = set.Name };
            if (table.Description is { } description)
                tag["description"] = description;
            tags.Add((JsonNode)tag);
            paths[$"/{set.Name}"] = Collection(set, type, table);
            paths[$"/{set.Name}/$count"] = Count(set);
            paths[$"/{set.Name}/$query"] = FeedOpenApiPosts.Query(set, type);
            paths[$"/{set.Name}({KeyTemplate(type)})"] = Entity(set, type);
            schemas[set.Name] = Row(type, table);
        }

        paths["/$batch"] = FeedOpenApiPosts.Batch(model.Edm.EntityContainer.EntitySets().FirstOrDefault()?.Name);
        schemas["error"] = Error();
        return new JsonObject
        {
            ["openapi"] = "3.0.4",
            ["info"] = new JsonObject
            {
                ["title"] = $"CoupaGateway feed {connection}",
                ["description"] = "An OData V4 service. $metadata describes it to OData clients; this document describes the same to people and to REST tools.",
                ["license"] = new JsonObject { ["name"] = "MIT", ["url"] = "https://opensource.org/license/mit" },
                ["version"] = "v1",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = root }),
            ["security"] = new JsonArray([.. FeedSecurity.Names.Select(static name => (JsonNode)new JsonObject { [name] = new JsonArray() })]),
            ["tags"] = tags,
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["parameters"] = Parameters(),
                ["responses"] = Responses(),
                ["securitySchemes"] = FeedSecurity.Schemes(),
            },
        };
    }

    private static JsonObject Collection(IEdmEntitySet set, IEdmEntityType type, TableSchema table)
    {
        var columns = type.StructuralProperties().Select(static property => property.Name).ToList();
        var key = type.DeclaredKey.First().Name;
        var tracks = ChangeTracking.IsSupported(table);
        var list = List(set, tracks);
        return Get(
            $"list_{set.Name}",
            $"Read rows of {set.Name}",
            set.Name,
            [
                Option("$select", "Columns to return, separated by commas. Without it all are.", string.Join(',', columns.Take(SelectedColumns))),
                Option("$filter", "Condition on the rows.", $"{key} gt 0"),
                Option("$orderby", "Columns to order by, each with asc or desc.", $"{key} desc"),
                Reference("parameters", "search"),
                Reference("parameters", "expand"),
                Reference("parameters", "compute"),
                Reference("parameters", "apply"),
                Reference("parameters", "top"),
                Reference("parameters", "skip"),
                Reference("parameters", "count"),
                .. tracks ? [Reference("parameters", "deltatoken"), Reference("parameters", "tracking")] : new[] { Reference("parameters", "maxpagesize") },
            ],
            list,
            table.Description);
    }

    /// <param name="tracks">Whether changes can be followed.</param>
    private static JsonObject List(IEdmEntitySet set, bool tracks)
    {
        var properties = new JsonObject
        {
            ["@odata.context"] = Text("uri"),
            ["@odata.count"] = new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            ["value"] = new JsonObject { ["type"] = "array", ["items"] = Reference("schemas", set.Name) },
            ["@odata.nextLink"] = Text("uri"),
        };
        if (tracks)
            properties["@odata.deltaLink"] = Text("uri");
        return new JsonObject { ["type"] = "object", ["required"] = new JsonArray("value"), ["properties"] = properties };
    }

    private static JsonObject Count(IEdmEntitySet set) => new()
    {
        ["get"] = Operation(
            $"count_{set.Name}",
            $"Count rows of {set.Name}",
            set.Name,
            [Option("$filter", "Condition on the rows.", null)],
            new JsonObject { ["text/plain"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "integer", ["format"] = "int64" } } }),
    };

    private static JsonObject Entity(IEdmEntitySet set, IEdmEntityType type) => Get(
        $"get_{set.Name}",
        $"Read one row of {set.Name} by its key",
        set.Name,
        [
            .. type.DeclaredKey.Select(static key => new JsonObject
            {
                ["name"] = key.Name,
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            }),
            Option("$select", "Columns to return, separated by commas.", null),
        ],
        Reference("schemas", set.Name),
        description: null);

    private static string KeyTemplate(IEdmEntityType type)
    {
        var keys = type.DeclaredKey.Select(static key => key.Name).ToArray();
        return keys is [var single] ? $"{{{single}}}" : string.Join(',', keys.Select(static key => $"{key}={{{key}}}"));
    }

    private static JsonObject Row(IEdmEntityType type, TableSchema table)
    {
        var properties = new JsonObject();
        foreach (var column in table.Columns)
            properties[column.Name] = Column(column);

        var navigation = type.NavigationProperties().Select(static property => property.Name).ToArray();
        var row = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (navigation.Length > 0)
            row["description"] = $"Navigation properties: {string.Join(", ", navigation)}.";
        return row;
    }

    private static JsonObject Column(ColumnSchema column)
    {
        var schema = column.Type switch
        {
            ColumnType.Int64 => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            ColumnType.Decimal => new JsonObject { ["type"] = "number", ["format"] = "decimal" },
            ColumnType.Boolean => new JsonObject { ["type"] = "boolean" },
            ColumnType.DateTime => Text("date-time"),
            ColumnType.Date => Text("date"),
            _ => new JsonObject { ["type"] = "string" },
        };
        if (!column.IsKey)
            schema["nullable"] = true;
        if (column.Description is { } description)
            schema["description"] = description;
        return schema;
    }

    private static JsonObject Get(string id, string summary, string tag, IEnumerable<JsonObject> parameters, JsonObject schema, string? description)
    {
        var operation = Operation(id, summary, tag, parameters, new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } });
        if (description is not null)
            operation["description"] = description;
        return new JsonObject { ["get"] = operation };
    }

    public static JsonObject Operation(string id, string summary, string tag, IEnumerable<JsonObject> parameters, JsonObject content) => new()
    {
        ["operationId"] = id,
        ["summary"] = summary,
        ["tags"] = new JsonArray(tag),
        ["parameters"] = new JsonArray([.. parameters]),
        ["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "What was asked for.", ["content"] = content },
            ["400"] = Reference("responses", "error"),
            ["401"] = Reference("responses", "error"),
            ["404"] = Reference("responses", "error"),
            ["429"] = Reference("responses", "error"),
            ["503"] = Reference("responses", "error"),
        },
    };

    private static JsonObject Parameters() => new()
    {
        ["search"] = Option("$search", "Words and phrases, with AND, OR and NOT, that texts of the rows contain.", null),
        ["expand"] = Option("$expand", "Navigation properties whose rows are to stand inside each row, each with its own options in parentheses.", null),
        ["compute"] = Option("$compute", "Properties computed from columns, each with a name: they can be selected, filtered and ordered by.", null),
        ["apply"] = Option("$apply", "Transformations such as aggregate($count as rows), filter and groupby. The other options then apply to their result.", null),
        ["top"] = Number("$top", "Most rows to return, over all pages.", 5),
        ["skip"] = Number("$skip", "Rows to leave out.", 0),
        ["count"] = new JsonObject
        {
            ["name"] = "$count",
            ["in"] = "query",
            ["description"] = "Whether to count all rows that the filter lets through.",
            ["schema"] = new JsonObject { ["type"] = "boolean" },
        },
        ["deltatoken"] = Option(
            "$deltatoken",
            "Stands in @odata.deltaLink, which is best taken as it is: rows that are new or different since, and those that are gone with @removed or as deleted entities. 410 when it is too old.",
            null),
        ["maxpagesize"] = Prefer(PageSize),
        ["tracking"] = Prefer($"{PageSize} With odata.track-changes, the last page has an @odata.deltaLink, which leads to what changes later."),
    };

    private const string PageSize = "Rows in a page: odata.maxpagesize=1000. @odata.nextLink leads to the next page.";

    private static JsonObject Prefer(string description) => new()
    {
        ["name"] = "Prefer",
        ["in"] = "header",
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Responses() => new()
    {
        ["error"] = new JsonObject
        {
            ["description"] = "An OData error: code and message say what is wrong, Retry-After when to come again.",
            ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference("schemas", "error") } },
        },
    };

    private static JsonObject Error() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("error"),
        ["properties"] = new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("code", "message"),
                ["properties"] = new JsonObject
                {
                    ["code"] = new JsonObject { ["type"] = "string" },
                    ["message"] = new JsonObject { ["type"] = "string" },
                    ["target"] = new JsonObject { ["type"] = "string" },
                },
            },
        },
    };

    private static JsonObject Option(string name, string description, string? example)
    {
        var option = new JsonObject
        {
            ["name"] = name,
            ["in"] = "query",
            ["description"] = description,
            ["schema"] = new JsonObject { ["type"] = "string" },
        };
        if (example is not null)
            option["example"] = example;
        return option;
    }

    private static JsonObject Number(string name, string description, int example) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "integer", ["format"] = "int64", ["minimum"] = 0 },
        ["example"] = example,
    };

    private static JsonObject Text(string format) => new() { ["type"] = "string", ["format"] = format };

    public static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };
}
