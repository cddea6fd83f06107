using System.Text;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary><c>email-domain</c>: the token of the whole address, an at sign, and what follows the last at sign, in lower case. Other values give the token alone.</summary>
internal sealed class EmailDomainAlgorithm(Tokenizer tokenizer) : IValueAlgorithm
{
    private byte[] _result = new byte[128];

    public ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> result)
    {
        result = tokenizer.Tokenize(value);
        var domain = value[Ascii.Trim(value)];
        var at = domain.LastIndexOf((byte)'@');
        if (result.IsEmpty || at < 0 || !IsHostName(domain[(at + 1)..]))
            return ValueOutcome.Stored;

        domain = domain[at..];
        if (_result.Length < TokenText.Length + domain.Length)
            _result = new byte[TokenText.Length + domain.Length];

        result.CopyTo(_result);
        Ascii.ToLower(domain, _result.AsSpan(result.Length), out var length);
        result = _result.AsSpan(0, result.Length + length);
        return ValueOutcome.Stored;
    }

    /// <summary>Whatever else stands behind an at sign might be anything, a name as well.</summary>
    private static bool IsHostName(ReadOnlySpan<byte> domain)
    {
        if (domain.IndexOf((byte)'.') <= 0 || domain[^1] == '.')
            return false;

        foreach (var letter in domain)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'.' or (byte)'-'))
                return false;
        }

        return true;
    }
}
