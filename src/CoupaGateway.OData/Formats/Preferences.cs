using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace CoupaGateway.OData.Formats;

/// <summary>What <c>Prefer</c> headers ask for, as far as the feed honours it. Preferences that are not understood are ignored (RFC 7240).</summary>
/// <param name="MaxPageSize">Value of <c>odata.maxpagesize</c>; null when it is not given or not a positive number.</param>
internal sealed record Preferences(int? MaxPageSize)
{
    public static Preferences Parse(StringValues headers)
    {
        int? size = null;
        foreach (var preference in headers.SelectMany(static header => (header ?? string.Empty).Split(',')))
        {
            var parts = preference.Split(';', 2)[0].Split('=', 2, StringSplitOptions.TrimEntries);
            if (size is null
                && parts is [var name, var value]
                && (name.Equals("odata.maxpagesize", StringComparison.OrdinalIgnoreCase) || name.Equals("maxpagesize", StringComparison.OrdinalIgnoreCase))
                && long.TryParse(value.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
                && wanted > 0)
            {
                size = (int)Math.Min(wanted, int.MaxValue);
            }
        }

        return new(size);
    }
}
