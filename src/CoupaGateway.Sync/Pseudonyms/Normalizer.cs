using System.Text;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>
/// Brings spellings of one value together before its token is made: white space around it goes, Unicode becomes form C, and logins and e-mail
/// addresses lower case. Not safe for several threads at once.
/// </summary>
/// <param name="domain">Domains whose last part is <c>login</c> or <c>email</c> ignore case.</param>
internal sealed class Normalizer(string domain)
{
    private readonly bool _ignoreCase = domain is "login" or "email" || domain.EndsWith(".login", StringComparison.Ordinal) || domain.EndsWith(".email", StringComparison.Ordinal);
    private byte[] _buffer = new byte[256];

    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> value)
    {
        if (!Ascii.IsValid(value))
            return NormalizeText(Encoding.UTF8.GetString(value));

        value = value[Ascii.Trim(value)];
        if (!_ignoreCase || !value.ContainsAnyInRange((byte)'A', (byte)'Z'))
            return value;

        Reserve(value.Length);
        Ascii.ToLower(value, _buffer, out var length);
        return _buffer.AsSpan(0, length);
    }

    private ReadOnlySpan<byte> NormalizeText(string text)
    {
        text = UnicodeForms.Compose(text.Trim());
        if (_ignoreCase)
            text = UnicodeForms.Compose(text.ToLowerInvariant());

        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        return _buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, _buffer));
    }

    private void Reserve(int length)
    {
        if (_buffer.Length < length)
            _buffer = new byte[length];
    }
}
