using DuckDB.NET.Native;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>A vector of DuckDB that takes rows of a column.</summary>
internal readonly unsafe struct VectorTarget(nint vector)
{
    private readonly nint _vector = vector;

    /// <summary>Copies rows that lie side by side.</summary>
    public void Copy(ref readonly NativeColumn column, int start, int rows)
    {
        if (Trivial(in column, rows))
            return;

        Buffer.MemoryCopy(column.Data + ((nint)start * column.Width), Data, (long)rows * column.Width, (long)rows * column.Width);

        // The column's bits may start in the middle of a word; there is always one word more than needed to read.
        var source = column.Validity + (start >> 6);
        var shift = start & 63;
        var words = (rows + 63) >> 6;
        ulong* target = null;
        for (var i = 0; i < words; i++)
        {
            var bits = shift == 0 ? source[i] : (source[i] >> shift) | (source[i + 1] << (64 - shift));
            var wanted = i == words - 1 && (rows & 63) != 0 ? (1UL << (rows & 63)) - 1 : ulong.MaxValue;
            if (target == null && (bits & wanted) == wanted)
                continue;

            if (target == null)
                target = Validity();

            target[i] = bits;
        }
    }

    /// <summary>Copies rows in a given order.</summary>
    public void Gather(ref readonly NativeColumn column, ReadOnlySpan<int> order)
    {
        if (Trivial(in column, order.Length))
            return;

        var validity = Validity();
        var target = (byte*)Data;
        var width = column.Width;
        for (var i = 0; i < order.Length; i++)
        {
            if (!column.IsValid(order[i]))
            {
                validity[i >> 6] &= ~(1UL << i);
                continue;
            }

            var source = column.Data + ((nint)order[i] * width);
            switch (width)
            {
                case 16:
                    ((Int128*)target)[i] = *(Int128*)source;
                    break;
                case 8:
                    ((long*)target)[i] = *(long*)source;
                    break;
                case 4:
                    ((int*)target)[i] = *(int*)source;
                    break;
                default:
                    target[i] = *source;
                    break;
            }
        }
    }

    private void* Data => NativeMethods.Vectors.DuckDBVectorGetData(_vector);

    /// <summary>Fills the vector of a column that is the same, or null, in all rows.</summary>
    private bool Trivial(ref readonly NativeColumn column, int rows)
    {
        if (column.IsConstant)
        {
            new Span<long>(Data, rows).Fill(column.Constant);
            return true;
        }

        if (column.Data != null)
            return false;

        new Span<ulong>(Validity(), (rows + 63) >> 6).Clear();
        return true;
    }

    /// <summary>The vector's validity bits, all set.</summary>
    private ulong* Validity()
    {
        NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(_vector);
        return NativeMethods.Vectors.DuckDBVectorGetValidity(_vector);
    }
}
