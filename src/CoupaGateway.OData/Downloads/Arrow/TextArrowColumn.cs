using Apache.Arrow;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Downloads.Arrow;

/// <summary>Texts one after the other, and where each ends.</summary>
internal sealed unsafe class TextArrowColumn : ArrowColumn
{
    private readonly ByteBuffer _ends = new();
    private readonly ByteBuffer _text = new();

    public TextArrowColumn(Field field)
        : base(field) => _ends.Set(0, 0);

    public override long TextBytes => _text.Length;

    protected override void AppendValue(ColumnVector vector, int row, int index, bool isNull)
    {
        if (!isNull)
        {
            var text = vector.ReadString(row, out var length);
            var start = _text.Length;
            new ReadOnlySpan<byte>(text, length).CopyTo(_text.Grow(start + length)[start..]);
        }

        _ends.Set(index + 1, _text.Length);
    }

    protected override IEnumerable<ArrowBuffer> Buffers() => [_ends.ToArrow(), _text.ToArrow()];

    public override void Clear()
    {
        base.Clear();
        _ends.Clear();
        _text.Clear();
        _ends.Set(0, 0);
    }
}
