using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CoupaGateway.Access.Keys;

/// <summary>The form of a key: <c>cgk_</c>, 16 hexadecimal digits that name it, an underscore, 43 Base64url characters (256 random bits).</summary>
internal static class KeyText
{
    /// <summary>What keys begin with, so that secret scanners and people know them.</summary>
    public const string Prefix = "cgk_";

    public const int HashBytes = SHA256.HashSizeInBytes;

    private const int IdLength = 16;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;
    private const int Length = 4 + IdLength + 1 + SecretLength;

    public static (string Id, string Text) Create() => Create(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2)));

    /// <summary>A new secret under a known id.</summary>
    public static (string Id, string Text) Create(string id) =>
        (id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");

    /// <summary>The id in a text of the right form; empty for any other text.</summary>
    public static ReadOnlySpan<char> IdOf(ReadOnlySpan<char> text) =>
        text.Length == Length && text.StartsWith(Prefix) && text[4 + IdLength] == '_' ? text.Slice(4, IdLength) : [];

    public static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Hashes what a caller sent, cut to what a key can have: a text of any length costs the same.</summary>
    public static void Hash(ReadOnlySpan<char> text, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Length + 1)];
        var length = Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, Length + 1)], bytes);
        SHA256.HashData(bytes[..length], hash);
    }
}
