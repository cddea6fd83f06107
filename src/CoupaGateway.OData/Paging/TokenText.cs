using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CoupaGateway.OData.Paging;

/// <summary>
/// Tokens as text for URLs: JSON and a checksum, base64url. The checksum catches damage, not malice: whoever forges a token gets rows that a
/// <c>$filter</c> gives, too, for every value in it is a typed parameter.
/// </summary>
internal static class TokenText
{
    private const int ChecksumBytes = 6;
    private const int MaxLength = 1_500;

    /// <summary>The text; null when it is too long for a URL.</summary>
    public static string? TryWrite(JsonArray json)
    {
        var payload = Encoding.UTF8.GetBytes(json.ToJsonString());
        var text = Base64Url.EncodeToString([.. Checksum(payload), .. payload]);
        return text.Length <= MaxLength ? text : null;
    }

    /// <param name="invalid">What to throw when the text is no token, or <paramref name="read"/> finds that it is not the right one.</param>
    public static T Read<T>(string text, Func<JsonArray, T?> read, Func<Exception> invalid)
        where T : class
    {
        try
        {
            var bytes = text.Length <= MaxLength ? Base64Url.DecodeFromChars(text) : [];
            var payload = bytes.AsSpan(Math.Min(ChecksumBytes, bytes.Length));
            if (!payload.IsEmpty && bytes.AsSpan(0, ChecksumBytes).SequenceEqual(Checksum(payload)) && read(JsonNode.Parse(payload)!.AsArray()) is { } token)
                return token;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException or ArgumentException or OverflowException
            or NullReferenceException or IndexOutOfRangeException)
        {
            // No token of ours.
        }

        throw invalid();
    }

    /// <summary>A short name for a text.</summary>
    public static string Name(string text) => Base64Url.EncodeToString(Checksum(Encoding.UTF8.GetBytes(text)));

    private static byte[] Checksum(ReadOnlySpan<byte> payload) => SHA256.HashData(payload)[..ChecksumBytes];
}
