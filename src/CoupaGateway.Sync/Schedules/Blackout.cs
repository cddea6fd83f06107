using System.Runtime.InteropServices;

namespace CoupaGateway.Sync.Schedules;

/// <summary>A time of day in which nothing begins. An end before the start is on the next day.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Blackout(TimeOnly Start, TimeOnly End)
{
    /// <summary>Reads <c>08:00-10:30</c>.</summary>
    public static bool TryParse(string text, out Blackout blackout)
    {
        blackout = default;
        var parts = text.Split('-');
        if (parts.Length != 2 || !TimeOnly.TryParseExact(parts[0].Trim(), "HH:mm", out var start) || !TimeOnly.TryParseExact(parts[1].Trim(), "HH:mm", out var end) || start == end)
            return false;

        blackout = new Blackout(start, end);
        return true;
    }

    public bool Contains(TimeOnly time) => time.IsBetween(Start, End);
}
