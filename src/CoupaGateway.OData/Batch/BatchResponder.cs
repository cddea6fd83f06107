using System.Globalization;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Microsoft.OData;

namespace CoupaGateway.OData.Batch;

/// <summary>Answers <c>$batch</c>, in the multipart format and in that of JSON (OData Protocol 4.01, section 11.7).</summary>
/// <remarks>
/// (1) read all requests, so that a batch that cannot be read is refused; (2) choose the format of the answer; (3) answer one request after the other as if
/// it had come alone, with the caller's own grants and limits, each written while it is made; (4) stop at the first that fails, unless the client prefers to
/// go on. There is nothing to be written in a feed, so change sets are refused.
/// </remarks>
internal sealed class BatchResponder(IFeedAccess access)
{
    public const string Multipart = "multipart/mixed";
    private const string Json = "application/json";

    /// <param name="handle">Answers a single request; never fails.</param>
    public async Task RespondAsync(FeedRequest request, RequestDelegate handle, CancellationToken cancellationToken)
    {
        // (1)
        if (request.Http.Features.Get<BatchRequest>() is not null)
            throw FeedException.BadRequest(ErrorCodes.InvalidBatch, "A batch has no batch in it.", "$batch");

        request.Query.Allow("$batch", QueryOptionSet.Format);
        var isJson = IsJson(request.Http.Request.ContentType);
        var parts = await BatchReader.ReadAsync(request, isJson, cancellationToken);

        // (2)
        var response = request.Http.Response;
        var answersJson = AnswersJson(request, isJson);
        response.ContentType = answersJson
            ? new ResponseFormat(MetadataLevel.Minimal, Ieee754Compatible: false) { Version = request.Version }.ContentType(streaming: true)
            : string.Create(CultureInfo.InvariantCulture, $"{Multipart};boundary=batch_{Guid.NewGuid():N}");
        if (request.Preferences.AppliedToBatch is { } applied)
            response.Headers[FeedHeaders.PreferenceApplied] = applied;

        var settings = new ODataMessageWriterSettings { Version = request.Version, BaseUri = new Uri(request.Root + "/"), EnableMessageStreamDisposal = false };
        await using var message = new ODataMessageWriter((IODataResponseMessageAsync)new BatchMessage(response.Headers, response.Body), settings, request.Model.Edm);
        var writer = await message.CreateODataBatchWriterAsync();
        await writer.WriteStartBatchAsync();

        // (3)
        await RespondAsync(request, parts, handle, (part, status) => new BatchPartResponse(writer, part.Id, answersJson) { StatusCode = status }, answersJson, cancellationToken);
        await writer.WriteEndBatchAsync();
        await writer.FlushAsync();
    }

    private async Task RespondAsync(
        FeedRequest request,
        IReadOnlyList<BatchRequest> parts,
        RequestDelegate handle,
        Func<BatchRequest, int, BatchPartResponse> begin,
        bool answersJson,
        CancellationToken cancellationToken)
    {
        var failed = new HashSet<string>(StringComparer.Ordinal);
        string? group = null;
        for (var index = 0; index < parts.Count; index++)
        {
            // A change set has one answer, an atomicity group one for each of its requests.
            var part = parts[index];
            if (part.Group is not null && part.Group == group && !answersJson)
                continue;

            group = part.Group;
            var response = begin(part, StatusCodes.Status200OK);
            await RespondAsync(request, part, Refusal(request, part, index, failed), handle, response, cancellationToken);
            await response.EndAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (response.StatusCode < StatusCodes.Status400BadRequest)
                continue;

            failed.UnionWith(new[] { part.Id, part.Group }.OfType<string>());

            // (4)
            var goesOn = request.Preferences.ContinueOnError || (answersJson && group is not null && index + 1 < parts.Count && parts[index + 1].Group == group);
            if (!goesOn)
                return;
        }
    }

    private static async Task RespondAsync(
        FeedRequest request, BatchRequest part, FeedException? refusal, RequestDelegate handle, BatchPartResponse response, CancellationToken cancellationToken)
    {
        HttpContext context;
        try
        {
            context = BatchContext.Create(request, part, response);
        }
        catch (FeedException error)
        {
            context = BatchContext.Create(request, part with { Url = new Uri(request.Root + "/") }, response);
            refusal ??= error;
        }

        if (refusal is not null)
            await ErrorWriter.WriteAsync(context, refusal, request.Options);
        else
            await handle(context);
        cancellationToken.ThrowIfCancellationRequested();
        await context.Response.CompleteAsync();
    }

    /// <summary>Why a request is not tried; null when it is.</summary>
    private FeedException? Refusal(FeedRequest request, BatchRequest part, int index, HashSet<string> failed)
    {
        if (part.Group is not null)
            return FeedException.NotImplemented("The feed is read only: change sets and atomicity groups are not supported.", "$batch");
        if (part.IsConditional)
            return FeedException.NotImplemented("A request with 'if' is not supported: the feed does not look into the answers of other requests.", "if");
        if (part.DependsOn.FirstOrDefault(failed.Contains) is { } dependency)
            return new(StatusCodes.Status424FailedDependency, ErrorCodes.FailedDependency, $"The request depends on '{dependency}', which has failed.", "dependsOn");

        // The batch itself has counted for the first.
        return index == 0 || access.TryAdmit(request.Http, out var retryAfter)
            ? null
            : new(StatusCodes.Status429TooManyRequests, ErrorCodes.Busy, "More requests than are allowed; Retry-After says when to come again.") { Retry = true, RetryAfter = retryAfter };
    }

    private static bool IsJson(string? contentType)
    {
        if (MediaTypeHeaderValue.TryParse(contentType, out var type))
        {
            if (type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
                return true;
            if (type.MediaType.Equals(Multipart, StringComparison.OrdinalIgnoreCase) && type.Boundary.Length > 0)
                return false;
        }

        throw new FeedException(
            StatusCodes.Status415UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, $"A batch is {Multipart} with a boundary, or {Json}.", HeaderNames.ContentType);
    }

    /// <summary>The format that the client takes, or else that of the batch.</summary>
    private static bool AnswersJson(FeedRequest request, bool isJson)
    {
        var types = new AcceptedTypes(request.Query[QueryOptionSet.Format], request.Http.Request.Headers.Accept);
        foreach (var range in types.Ranges)
        {
            var (multipart, json) = (types.Covers(range, "multipart", "mixed"), types.Covers(range, "application", "json"));
            if (multipart || json)
                return multipart && json ? isJson : json;
        }

        throw FormatNegotiator.NotAcceptable(request.Query[QueryOptionSet.Format], $"{Multipart}, {Json}");
    }
}
