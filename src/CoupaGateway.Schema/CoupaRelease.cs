using System.Globalization;

namespace CoupaGateway.Schema;

/// <summary>
/// A Coupa release, such as R33. A connection states the release of its instance; columns that are newer are left out of its tables.
/// Coupa publishes three releases a year; no path or header of the API selects one.
/// </summary>
public readonly record struct CoupaRelease : IComparable<CoupaRelease>
{
    private CoupaRelease(int number) => Number = number;

    /// <summary>The oldest release that the catalogue knows: fields without a release of their own are at least this old.</summary>
    public static CoupaRelease Oldest { get; } = new(21);

    /// <summary>The newest release that the catalogue knows (September 2026): the default of a connection.</summary>
    public static CoupaRelease Newest { get; } = new(46);

    public int Number { get; }

    public static bool operator <(CoupaRelease left, CoupaRelease right) => left.Number < right.Number;

    public static bool operator >(CoupaRelease left, CoupaRelease right) => left.Number > right.Number;

    public static bool operator <=(CoupaRelease left, CoupaRelease right) => left.Number <= right.Number;

    public static bool operator >=(CoupaRelease left, CoupaRelease right) => left.Number >= right.Number;

    /// <summary>Reads <c>R21</c> to <c>R46</c> or <c>latest</c>, whatever the case.</summary>
    public static bool TryParse(string? text, out CoupaRelease release)
    {
        release = Newest;
        if (string.Equals(text, "latest", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (text is not ['R' or 'r', _, _] || !int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        release = new CoupaRelease(number);
        return release >= Oldest && release <= Newest;
    }

    public int CompareTo(CoupaRelease other) => Number.CompareTo(other.Number);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"R{Number}");
}
