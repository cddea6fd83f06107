using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CoupaGateway.Schema;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>
/// Values of one column outside the managed heap, laid out as DuckDB's vectors are, so that a chunk is filled by copying memory. A column
/// that has held no value yet owns no memory: most columns of most tenants are empty.
/// </summary>
internal unsafe struct NativeColumn(ColumnType type)
{
    public ColumnType Type = type;
    public int Width = WidthOf(type);
    public byte* Data;
    public ulong* Validity;

    /// <summary>A column without storage: every row has <see cref="Constant"/>.</summary>
    public bool IsConstant;

    public long Constant;

    public static int WidthOf(ColumnType type) => type switch
    {
        ColumnType.String or ColumnType.Decimal => 16,
        ColumnType.Int64 or ColumnType.DateTime => 8,
        ColumnType.Date => 4,
        ColumnType.Boolean => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown column type."),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsValid(int row) => IsConstant || (Validity != null && (Validity[row >> 6] & (1UL << row)) != 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void MarkValid(int row) => Validity[row >> 6] |= 1UL << row;

    public readonly void MarkNull(int row)
    {
        if (Validity != null)
            Validity[row >> 6] &= ~(1UL << row);
    }

    /// <summary>Makes all rows from <paramref name="first"/> on null again.</summary>
    public readonly void MarkNullFrom(int first, int end)
    {
        if (Validity == null)
            return;

        var word = first >> 6;
        if ((first & 63) != 0)
            Validity[word++] &= (1UL << first) - 1;

        var words = WordsFor(end) - word;
        if (words > 0)
            new Span<ulong>(Validity + word, words).Clear();
    }

    public void Resize(int oldCapacity, int newCapacity)
    {
        Data = (byte*)NativeMemory.Realloc(Data, (nuint)newCapacity * (nuint)Width);
        Validity = (ulong*)NativeMemory.Realloc(Validity, (nuint)WordsFor(newCapacity) * sizeof(ulong));
        new Span<ulong>(Validity + WordsFor(oldCapacity), WordsFor(newCapacity) - WordsFor(oldCapacity)).Clear();
    }

    public void Free()
    {
        NativeMemory.Free(Data);
        NativeMemory.Free(Validity);
        Data = null;
        Validity = null;
    }

    /// <summary>64-bit words of validity for that many rows. One more than needed, so that a shifted read never leaves the block.</summary>
    private static int WordsFor(int rows) => rows == 0 ? 0 : ((rows + 63) >> 6) + 1;
}
