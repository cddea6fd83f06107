namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>
/// Remembers tokens of values that come again, in memory of a fixed size: each value has two places, and takes the second when the first is
/// another's. Values are compared byte by byte, so a value never gets another one's token.
/// </summary>
internal sealed class TokenCache
{
    private const int LongestValue = 64;
    private const int SlotBytes = 1 + LongestValue + TokenText.Length;

    private readonly byte[] _slots;
    private readonly int _mask;

    /// <param name="slots">How many values: a power of two.</param>
    public TokenCache(int slots)
    {
        _mask = slots - 1;
        _slots = new byte[slots * SlotBytes];
    }

    /// <returns>Where the value's token is, or is to be put; empty when the value is too long to be remembered.</returns>
    public Span<byte> Find(ReadOnlySpan<byte> value, out bool known)
    {
        known = false;
        if (value.Length > LongestValue)
            return [];

        var place = Place(value) & _mask;
        var slot = Slot(place);
        known = Holds(slot, value);
        if (!known && slot[0] != 0)
        {
            slot = Slot(place ^ 1);
            known = Holds(slot, value);
        }

        if (!known)
        {
            slot[0] = (byte)value.Length;
            value.CopyTo(slot[1..]);
        }

        return slot[(1 + LongestValue)..];
    }

    private static bool Holds(ReadOnlySpan<byte> slot, ReadOnlySpan<byte> value) => slot[0] == value.Length && value.SequenceEqual(slot.Slice(1, value.Length));

    private static int Place(ReadOnlySpan<byte> value)
    {
        var hash = default(HashCode);
        hash.AddBytes(value);
        return hash.ToHashCode();
    }

    private Span<byte> Slot(int place) => _slots.AsSpan(place * SlotBytes, SlotBytes);
}
