using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Microsoft.OData;

namespace CoupaGateway.OData.Batch;

/// <summary>Reads the requests of a batch, of either format, all of them before the first is answered: a batch that cannot be read is refused as a whole.</summary>
internal static class BatchReader
{
    /// <exception cref="FeedException">The body is no batch, or one that is too large.</exception>
    public static async Task<ImmutableArray<BatchRequest>> ReadAsync(FeedRequest request, bool isJson, CancellationToken cancellationToken)
    {
        using var body = BatchBody.Prepare(await RequestBody.ReadAsync(request.Http.Request, request.Options.MaxBatchBytes, cancellationToken), isJson);
        var settings = new ODataMessageReaderSettings { BaseUri = new Uri(request.Root + "/"), MaxProtocolVersion = ODataVersion.V401 };
        settings.MessageQuotas.MaxPartsPerBatch = settings.MessageQuotas.MaxOperationsPerChangeset = request.Options.MaxBatchRequests;
        settings.MessageQuotas.MaxReceivedMessageSize = Math.Max(request.Options.MaxBatchBytes, body.Length);
        settings.MessageQuotas.MaxNestingDepth = request.Options.MaxExpressionDepth;
        try
        {
            // ODL takes the end of the body for the end of the batch, wherever it comes.
            if (!isJson && !HasEnd(request.Http.Request.ContentType, body))
                throw FeedException.BadRequest(ErrorCodes.InvalidBatch, "The batch is not valid: the boundary that ends it is missing.", "$batch");

            using var message = new ODataMessageReader((IODataRequestMessageAsync)new BatchMessage(request.Http.Request.Headers, body), settings, request.Model.Edm);
            return await ReadAsync(await message.CreateODataBatchReaderAsync(), isJson, request.Options.MaxBatchRequests, cancellationToken);
        }
        catch (ODataException exception)
        {
            throw FeedException.BadRequest(ErrorCodes.InvalidBatch, $"The batch is not valid: {exception.Message}", "$batch");
        }
        catch (Exception exception) when (exception is not (FeedException or OperationCanceledException or OutOfMemoryException))
        {
            // ODL throws what it happens to throw on some malformed texts.
            throw FeedException.BadRequest(ErrorCodes.InvalidBatch, "The batch is not valid.", "$batch");
        }
    }

    private static async Task<ImmutableArray<BatchRequest>> ReadAsync(ODataBatchReader reader, bool isJson, int most, CancellationToken cancellationToken)
    {
        var requests = ImmutableArray.CreateBuilder<BatchRequest>();
        while (await reader.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.State != ODataBatchReaderState.Operation)
                continue;
            if (requests.Count == most)
                throw FeedException.BadRequest(ErrorCodes.TooComplex, $"A batch has at most {most} requests.", "$batch");

            var operation = await reader.CreateOperationRequestMessageAsync();
            requests.Add(new(
                operation.ContentId,
                operation.GroupId ?? reader.CurrentGroupId,
                [.. operation.DependsOnIds ?? []],
                operation.GetHeader(BatchBody.HeadMark) is null ? operation.Method : HttpMethods.Head,
                operation.Url,
                [.. operation.Headers.Where(static header => header.Key != BatchBody.HeadMark && header.Key != BatchBody.ConditionMark)],
                await ReadBodyAsync(operation, isJson, cancellationToken))
            {
                IsConditional = operation.GetHeader(BatchBody.ConditionMark) is not null,
            });
        }

        return requests.Count > 0 ? requests.ToImmutable() : throw FeedException.BadRequest(ErrorCodes.InvalidBatch, "The batch is not valid: it has no requests.", "$batch");
    }

    /// <summary>Whether a line is the boundary that ends the batch. What follows it is nobody's business (RFC 2046, section 5.1.1): UI5 writes a remark there.</summary>
    private static bool HasEnd(string? contentType, MemoryStream body)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return false;

        var end = Encoding.UTF8.GetBytes($"--{HeaderUtilities.RemoveQuotes(type.Boundary)}--");
        var rest = body.GetBuffer().AsSpan(0, (int)body.Length);
        for (var before = (byte)'\n'; rest.IndexOf(end) is >= 0 and var at; rest = rest[(at + end.Length)..])
        {
            if (at > 0)
                before = rest[at - 1];
            if (before == '\n' && (at + end.Length == rest.Length || rest[at + end.Length] is (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t'))
                return true;
            before = (byte)'-';
        }

        return false;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(ODataBatchOperationRequestMessage operation, bool isJson, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await using (var stream = await operation.GetStreamAsync())
            await stream.CopyToAsync(content, cancellationToken);

        var body = content.ToArray();

        // In a JSON batch, text stands as a JSON string.
        return isJson && IsText(operation) && body is [(byte)'"', ..] ? Encoding.UTF8.GetBytes(JsonSerializer.Deserialize<string>(body)!) : body;
    }

    private static bool IsText(ODataBatchOperationRequestMessage operation) =>
        MediaTypeHeaderValue.TryParse(operation.GetHeader(HeaderNames.ContentType), out var type) && type.Type.Equals("text", StringComparison.OrdinalIgnoreCase);
}
