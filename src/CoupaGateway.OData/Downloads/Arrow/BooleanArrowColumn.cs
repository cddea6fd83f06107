using Apache.Arrow;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Downloads.Arrow;

/// <summary>One bit a value.</summary>
internal sealed class BooleanArrowColumn(Field field) : ArrowColumn(field)
{
    private readonly ByteBuffer _bits = new();

    protected override void AppendValue(ColumnVector vector, int row, int index, bool isNull)
    {
        var bits = _bits.Grow((index >> 3) + 1);
        if (!isNull && vector.Read<byte>(row) != 0)
            bits[index >> 3] |= (byte)(1 << (index & 7));
    }

    protected override IEnumerable<ArrowBuffer> Buffers() => [_bits.ToArrow()];

    public override void Clear()
    {
        base.Clear();
        _bits.Clear();
    }
}
