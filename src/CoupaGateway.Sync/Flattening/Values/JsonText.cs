using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace CoupaGateway.Sync.Flattening.Values;

/// <summary>
/// The UTF-8 text of JSON string tokens. What is no legal text (a lone surrogate escape, a broken byte sequence) becomes U+FFFD, so that one
/// bad character never loses a value, let alone a table.
/// </summary>
internal static class JsonText
{
    /// <summary>Resolves the escapes of a token that the JSON reader has accepted. The result is never longer than the token.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> token, Span<byte> target, out bool repaired)
    {
        repaired = false;
        var written = 0;
        while (true)
        {
            var plain = token.IndexOf((byte)'\\');
            if (plain < 0)
            {
                token.CopyTo(target[written..]);
                return written + token.Length;
            }

            token[..plain].CopyTo(target[written..]);
            written += plain;
            token = token[plain..];
            if (token[1] != 'u')
            {
                target[written++] = Simple(token[1]);
                token = token[2..];
                continue;
            }

            var rune = ReadRune(ref token, ref repaired);
            written += rune.EncodeToUtf8(target[written..]);
        }
    }

    /// <summary>Replaces every byte sequence that is not UTF-8. Writes to <paramref name="target"/> and returns true only when there is one.</summary>
    public static bool Repair(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target)
    {
        if (Utf8.IsValid(text))
            return false;

        target.ResetWrittenCount();
        while (text.Length > 0)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            target.Advance(rune.EncodeToUtf8(target.GetSpan(4)));
            text = text[consumed..];
        }

        return true;
    }

    private static byte Simple(byte escape) => escape switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => escape,
    };

    private static Rune ReadRune(ref ReadOnlySpan<byte> token, ref bool repaired)
    {
        var first = Unit(token);
        token = token[6..];
        if (Rune.TryCreate(first, out var rune))
            return rune;

        if (char.IsHighSurrogate(first) && token.StartsWith("\\u"u8) && Rune.TryCreate(first, Unit(token), out rune))
        {
            token = token[6..];
            return rune;
        }

        repaired = true;
        return Rune.ReplacementChar;
    }

    private static char Unit(ReadOnlySpan<byte> escape) => (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
