using System.Collections.Immutable;

namespace CoupaGateway.Schema.Custom;

/// <summary>How JSON keys compare: hyphens and underscores are one.</summary>
internal static class JsonKeys
{
    public static bool Equal(string left, string right)
    {
        if (left.Length != right.Length)
            return false;

        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && !(left[i] is '-' or '_' && right[i] is '-' or '_'))
                return false;
        }

        return true;
    }

    public static bool Equal(ImmutableArray<string> left, ImmutableArray<string> right)
    {
        if (left.Length != right.Length)
            return false;

        for (var i = 0; i < left.Length; i++)
        {
            if (!Equal(left[i], right[i]))
                return false;
        }

        return true;
    }

    /// <summary>A text that is the same for equal paths, and for no others: no key has a line break in it.</summary>
    public static string Of(ImmutableArray<string> path) => string.Join('\n', path).Replace('-', '_');
}
