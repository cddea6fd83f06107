using System.Runtime.InteropServices;
using Apache.Arrow;

namespace CoupaGateway.OData.Downloads.Arrow;

/// <summary>Bytes that grow, and are zero where nothing was written.</summary>
internal sealed class ByteBuffer
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    /// <summary>Makes the buffer so long, and gives all of it.</summary>
    public Span<byte> Grow(int length)
    {
        if (length > _bytes.Length)
            System.Array.Resize(ref _bytes, (int)Math.Min(System.Array.MaxLength, Math.Max(length, _bytes.Length * 2L)));
        Length = Math.Max(Length, length);
        return _bytes.AsSpan(0, Length);
    }

    /// <summary>Writes the value with this index among values of one size.</summary>
    public void Set<T>(int index, T value)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Grow((index + 1) * System.Runtime.CompilerServices.Unsafe.SizeOf<T>()))[index] = value;

    public void Clear()
    {
        _bytes.AsSpan(0, Length).Clear();
        Length = 0;
    }

    public ArrowBuffer ToArrow() => new(_bytes.AsMemory(0, Length));
}
