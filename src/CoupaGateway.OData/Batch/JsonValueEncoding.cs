using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Batch;

/// <summary>
/// Makes a JSON string of an answer that is not JSON, as it goes by (OData JSON Format 4.01, section 19.2): text as it is, anything else as base64url.
/// </summary>
internal sealed class JsonValueEncoding
{
    private static readonly byte[] Quote = [(byte)'"'];

    private readonly bool _isText;
    private byte[] _rest = [];
    private bool _begun;

    private JsonValueEncoding(bool isText) => _isText = isText;

    /// <summary>Null for JSON, which stands as it is.</summary>
    public static JsonValueEncoding? For(string contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return new(isText: false);

        return type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
            ? null
            : new(type.Type.Equals("text", StringComparison.OrdinalIgnoreCase) || type.SubType.Equals("xml", StringComparison.OrdinalIgnoreCase));
    }

    public ValueTask WriteAsync(Stream target, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => WriteAsync(target, bytes, isEnd: false, cancellationToken);

    public async ValueTask EndAsync(Stream target, CancellationToken cancellationToken)
    {
        await WriteAsync(target, ReadOnlyMemory<byte>.Empty, isEnd: true, cancellationToken);
        await target.WriteAsync(Quote, cancellationToken);
    }

    private async ValueTask WriteAsync(Stream target, ReadOnlyMemory<byte> bytes, bool isEnd, CancellationToken cancellationToken)
    {
        if (!_begun)
            await target.WriteAsync(Quote, cancellationToken);
        _begun = true;

        byte[] all = _rest.Length == 0 ? bytes.ToArray() : [.. _rest, .. bytes.Span];
        var encoded = _isText ? EncodeText(all, isEnd) : EncodeBytes(all, isEnd);
        await target.WriteAsync(encoded, cancellationToken);
    }

    private ReadOnlyMemory<byte> EncodeText(byte[] bytes, bool isEnd)
    {
        // A byte becomes six at most (\u0000).
        var to = new byte[bytes.Length * 6];
        var status = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(bytes, to, out var consumed, out var written, isEnd);
        if (status is OperationStatus.InvalidData or OperationStatus.DestinationTooSmall)
            throw new InvalidOperationException("Text of an answer is not UTF-8.");

        _rest = bytes[consumed..];
        return to.AsMemory(0, written);
    }

    private ReadOnlyMemory<byte> EncodeBytes(byte[] bytes, bool isEnd)
    {
        var whole = isEnd ? bytes.Length : bytes.Length / 3 * 3;
        _rest = bytes[whole..];
        return Base64Url.EncodeToUtf8(bytes.AsSpan(0, whole));
    }
}
