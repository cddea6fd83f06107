using System.IO.Pipelines;
using System.Text;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using Microsoft.AspNetCore.Http;

namespace CoupaGateway.OData.Resources;

/// <summary>Answers requests for one property of one row, as JSON or, with <c>/$value</c>, as plain text. Null is 204.</summary>
internal sealed class PropertyResponder(CollectionQueryFactory factory, TableSource source, IQueryEngine engine, IJsonRowsWriter writer, FeedTags tags)
{
    private const string PlainText = "text/plain;charset=utf-8";

    public async Task RespondAsync(FeedRequest request, RowTarget row, string name, bool isRaw, CancellationToken cancellationToken)
    {
        request.Query.Allow("a property", QueryOptionSet.Format);
        if (isRaw)
            FormatNegotiator.PlainText(request.Query[QueryOptionSet.Format], request.Http.Request.Headers.Accept);
        var format = isRaw ? new(MetadataLevel.None, Ieee754Compatible: false) : request.Json();
        var query = factory.CreateProperty(request, row, name, format);
        if (Preconditions.IsKnown(request.Http, tags.OfRow(request, query.Snapshot, row.Key[0], isRaw ? PlainText : format.ContentType(streaming: false))))
            return;

        var plan = PagePlan.Create(query);
        using var tables = await source.OpenAsync(query.Snapshot, plan.Chunks, query.Related, cancellationToken);
        var sql = plan.ToQuery(tables) with { Columns = [.. plan.Columns.Select((column, index) => index == 0 ? column with { Name = "value" } : column)] };
        if (isRaw)
            await RawAsync(request, row, sql, query.Table.Columns.Single(column => column.Name == name), cancellationToken);
        else
            await JsonAsync(request, row, name, sql, query, cancellationToken);
    }

    private async Task JsonAsync(FeedRequest request, RowTarget row, string name, RowQuery sql, CollectionQuery query, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        var format = new JsonRowFormat
        {
            Ieee754Compatible = query.Format.Ieee754Compatible,
            Prefix = query.Format.Prefix,
            Start = query.Format.Metadata == MetadataLevel.None ? null : $"{request.ContextUrl}#{row.Set.Name}({row.KeyText})/{name}",
        };
        using var rows = await engine.OpenAsync(sql, cancellationToken);
        var pipe = PipeWriter.Create(body, new StreamPipeWriterOptions(leaveOpen: true));
        var written = await writer.WriteAsync(rows, pipe, format, limit: 1, tokenColumns: [0], cancellationToken);
        await pipe.CompleteAsync();
        if (written.Count == 0)
            throw EntityResponder.NotThere(row);

        await SendAsync(request, query.Format.ContentType(streaming: false), written.LastTokenValues[0] is null ? null : body.ToArray(), cancellationToken);
    }

    private async Task RawAsync(FeedRequest request, RowTarget row, RowQuery sql, Schema.ColumnSchema column, CancellationToken cancellationToken)
    {
        var text = CastTranslator.Translate(new("v", SqlTypes.Kind(column.Type), Nullable: true), SqlKind.String).Text;
        var found = await engine.ReadRowAsync(
            sql with { Sql = $"SELECT {text} FROM ({sql.Sql}) AS r (v)", Columns = [new("value", RowValueKind.String)] }, cancellationToken) ?? throw EntityResponder.NotThere(row);
        await SendAsync(request, PlainText, found[0] is string value ? Encoding.UTF8.GetBytes(value) : null, cancellationToken);
    }

    private static async Task SendAsync(FeedRequest request, string contentType, byte[]? body, CancellationToken cancellationToken)
    {
        if (Preconditions.IsAnyKnown(request.Http))
            return;

        var response = request.Http.Response;
        if (body is null)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (!request.IsHead)
            await response.Body.WriteAsync(body, cancellationToken);
    }
}
