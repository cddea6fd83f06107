using Microsoft.AspNetCore.Http;
using Microsoft.OData;

namespace CoupaGateway.OData.Batch;

/// <summary>A message as ODL's readers and writers of batches see it.</summary>
internal sealed class BatchMessage(IHeaderDictionary headers, Stream body) : IODataRequestMessageAsync, IODataResponseMessageAsync
{
    public IEnumerable<KeyValuePair<string, string>> Headers => headers.Select(static header => KeyValuePair.Create(header.Key, header.Value.ToString()));

    public Uri Url { get; set; } = new("$batch", UriKind.Relative);

    public string Method { get; set; } = HttpMethods.Post;

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? GetHeader(string headerName) => headers.TryGetValue(headerName, out var value) ? value.ToString() : null;

    public void SetHeader(string headerName, string headerValue) => headers[headerName] = headerValue;

    public Stream GetStream() => body;

    public Task<Stream> GetStreamAsync() => Task.FromResult(body);
}
