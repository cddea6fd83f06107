namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>What personal data looks like, told from the bytes of a value.</summary>
internal static class ValuePatterns
{
    private const int LongestIban = 34;

    /// <summary>Whether an e-mail address stands somewhere in the value.</summary>
    public static bool HoldsEmail(ReadOnlySpan<byte> value)
    {
        var at = value.IndexOf((byte)'@');
        if (at <= 0 || !IsWord(value[at - 1]))
            return false;

        var host = value[(at + 1)..];
        var dot = host.IndexOf((byte)'.');
        return dot > 0 && dot + 1 < host.Length && IsWord(host[0]) && IsWord(host[dot + 1]);
    }

    /// <summary>Whether the value is a telephone number in international form: a plus or two zeros, then 8 to 15 digits with spaces and the like between.</summary>
    public static bool IsPhone(ReadOnlySpan<byte> value)
    {
        if (value[0] == '+')
            value = value[1..];
        else if (value.StartsWith("00"u8) && value.IndexOfAny(" -/("u8) > 0)
            value = value[2..];
        else
            return false;

        var digits = 0;
        foreach (var letter in value)
        {
            if (char.IsAsciiDigit((char)letter))
                digits++;
            else if (!" -/().".Contains((char)letter, StringComparison.Ordinal))
                return false;
        }

        return digits is >= 8 and <= 15;
    }

    /// <summary>Whether the value is an international bank account number whose check digits are right (ISO 13616).</summary>
    public static bool IsIban(ReadOnlySpan<byte> value)
    {
        if (value.Length < 15 || !IsCapital(value[0]) || !IsCapital(value[1]) || !char.IsAsciiDigit((char)value[2]) || !char.IsAsciiDigit((char)value[3]))
            return false;

        Span<byte> letters = stackalloc byte[LongestIban];
        var length = 0;
        foreach (var letter in value)
        {
            if (letter == ' ')
                continue;
            if (length == LongestIban || !(char.IsAsciiDigit((char)letter) || IsCapital(letter)))
                return false;
            letters[length++] = letter;
        }

        var rest = 0;
        for (var i = 0; i < length; i++)
        {
            var letter = letters[(i + 4) % length];
            rest = IsCapital(letter) ? ((rest * 100) + letter - 'A' + 10) % 97 : ((rest * 10) + letter - '0') % 97;
        }

        return length >= 15 && rest == 1;
    }

    private static bool IsCapital(byte letter) => letter is >= (byte)'A' and <= (byte)'Z';

    private static bool IsWord(byte letter) => letter >= 0x80 || char.IsAsciiLetterOrDigit((char)letter);
}
