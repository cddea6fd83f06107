using System.Collections.Immutable;
using System.Text;
using CoupaGateway.Connections;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Metadata.Stored;
using CoupaGateway.Rest;
using CoupaGateway.Schema.Custom;
using CoupaGateway.Sync;
using CoupaGateway.Sync.Pseudonyms;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Metadata.Rest;

/// <summary>Shows what custom metadata makes of a few records of the tenant.</summary>
internal static class MetadataPreviewEndpoint
{
    public static void MapMetadataPreview(this IEndpointRouteBuilder group) =>
        group.MapPost("/preview", PreviewAsync)
            .WithName("previewMetadata")
            .WithSummary("Show what custom metadata makes of a few records")
            .WithDescription($"Reads the newest records of the tables that the document is about, or of one table, and returns their rows as the feed would serve them, pseudonymized; the columns without any value; and the keys that no column takes. Without a body the metadata in force is shown. At most {Previewer.MostTables} API tables, 1 to 50 records of each.")
            .Accepts<object>(isOptional: true, "application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status502BadGateway);

    /// <param name="table">Name of an API table; none for those that the document is about.</param>
    /// <param name="records">Records whose rows are shown: 1 to 50.</param>
    private static async Task<Results<Ok<MetadataPreview>, ProblemHttpResult>> PreviewAsync(
        string connection, HttpContext context, [FromServices] ConnectionRegistry connections, [FromServices] MetadataDirectory directory, [FromServices] Previewer previewer,
        CancellationToken cancellationToken, string? table = null, int records = 5)
    {
        if (connections.Find(connection) is not { } definition)
            return Problems.NoSuchConnection();
        if (records is < 1 or > 50)
            return Problems.Invalid(new Dictionary<string, string[]> { ["records"] = ["Give 1 to 50."] });

        var text = await MetadataBody.ReadAsync(context.Request, cancellationToken) is { Length: > 0 } body ? body : directory.Find(connection).Text ?? "{}";
        var (schema, findings) = ConnectionSchema.Check(definition.Options, text);
        if (MetadataFaults.Any(findings))
            return MetadataFaults.Refuse(findings);
        if (table is not null && schema.Result.Schema.Tables.All(known => known.Name != table || known.Resource is null))
            return Problems.Create(400, "no-such-table", "There is no such API table.", $"There are: {string.Join(", ", schema.Result.Schema.ApiTables())}.");

        var tables = table is null ? Previewer.TablesOf(schema, MetadataReader.Read(Encoding.UTF8.GetBytes(text)).Document) : [table];
        var resources = ImmutableArray.CreateBuilder<PreviewResource>();
        try
        {
            foreach (var name in tables)
                resources.Add(await previewer.ShowAsync(definition, schema.Result.Schema, name, records, cancellationToken));
        }
        catch (PseudonymKeyException error)
        {
            return Problems.Create(StatusCodes.Status409Conflict, "pseudonym-key-missing", "The secrets of the pseudonyms cannot be had.", error.Message);
        }
        catch (CoupaException error)
        {
            return Problems.Create(StatusCodes.Status502BadGateway, "coupa-failed", "Coupa could not be read.", $"{error.Code}: {error.Message} POST …/test finds out more.");
        }

        return TypedResults.Ok(new MetadataPreview(findings, resources.ToImmutable()));
    }
}
