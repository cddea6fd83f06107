using System.Text;

namespace CoupaGateway.Sync.Flattening.Values;

/// <summary>Reads truth values that come as text or as a number: <c>true/false</c>, <c>yes/no</c>, <c>1/0</c>, in any case.</summary>
internal static class BooleanText
{
    public static bool TryParse(ReadOnlySpan<byte> text, out bool value)
    {
        value = text is [(byte)'1'] || Ascii.EqualsIgnoreCase(text, "true"u8) || Ascii.EqualsIgnoreCase(text, "yes"u8);
        return value || text is [(byte)'0'] || Ascii.EqualsIgnoreCase(text, "false"u8) || Ascii.EqualsIgnoreCase(text, "no"u8);
    }
}
