using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Microsoft.OData;

namespace CoupaGateway.OData.Batch;

/// <summary>
/// The answer to one request of a batch. With its first byte, status and headers go to the client, and what follows is handed on as it comes: however long
/// the answer, it is never in memory.
/// </summary>
/// <param name="inJson">Whether it is part of a JSON document.</param>
internal sealed class BatchPartResponse(ODataBatchWriter batch, string? id, bool inJson) : HttpResponseFeature
{
    /// <summary>Headers that are of no use within a batch: how long a part is, and how to cache it, is up to the whole.</summary>
    private static readonly HashSet<string> Dropped = new(StringComparer.OrdinalIgnoreCase) { HeaderNames.ContentLength, HeaderNames.CacheControl, HeaderNames.Vary };

    private JsonValueEncoding? _encoding;
    private Stream? _target;
    private bool _started;

    public override bool HasStarted => _started;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.IsEmpty)
            return;
        if (_target is null)
            await BeginAsync(hasBody: true);
        if (_encoding is { } encoding)
            await encoding.WriteAsync(_target!, bytes, cancellationToken);
        else
            await _target!.WriteAsync(bytes, cancellationToken);
    }

    public Task FlushAsync(CancellationToken cancellationToken) => _target?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Ends the part, also one without a body.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!_started)
            await BeginAsync(hasBody: false);
        if (_target is null)
            return;

        if (_encoding is { } encoding)
            await encoding.EndAsync(_target, cancellationToken);
        await _target.DisposeAsync();
    }

    private async Task BeginAsync(bool hasBody)
    {
        _started = true;
        var message = await batch.CreateOperationResponseMessageAsync(id);
        message.StatusCode = StatusCode;
        foreach (var (name, value) in Headers)
        {
            if (!Dropped.Contains(name))
                message.SetHeader(name, value.ToString());
        }

        if (!hasBody)
            return;

        _target = await message.GetStreamAsync();
        _encoding = inJson ? JsonValueEncoding.For(Headers.ContentType.ToString()) : null;
    }
}
