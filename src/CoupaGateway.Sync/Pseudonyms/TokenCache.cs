namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>
/// Remembers tokens of values that come again, in memory of a fixed size: each value has one place, and the newest value keeps it. Values are
/// compared byte by byte, so a value never gets another one's token.
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

        var slot = _slots.AsSpan((Place(value) & _mask) * SlotBytes, SlotBytes);
        known = slot[0] == value.Length && value.SequenceEqual(slot.Slice(1, value.Length));
        if (!known)
        {
            slot[0] = (byte)value.Length;
            value.CopyTo(slot[1..]);
        }

        return slot[(1 + LongestValue)..];
    }

    private static int Place(ReadOnlySpan<byte> value)
    {
        var hash = default(HashCode);
        hash.AddBytes(value);
        return hash.ToHashCode();
    }
}
