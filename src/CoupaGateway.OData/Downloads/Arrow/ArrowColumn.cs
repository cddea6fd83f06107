using Apache.Arrow;
using Apache.Arrow.Types;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Downloads.Arrow;

/// <summary>Gathers one column's values of a record batch. The memory is used again for the next batch.</summary>
internal abstract class ArrowColumn(Field field)
{
    private readonly ByteBuffer _validity = new();

    public Field Field { get; } = field;

    /// <summary>Rows gathered so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Bytes of text gathered so far; 0 for columns whose values all have one size.</summary>
    public virtual long TextBytes => 0;

    private int _nulls;

    public static ArrowColumn Create(ColumnVector vector)
    {
        ArrowColumn Fixed(IArrowType type, int width) => new FixedArrowColumn(new(vector.Column.Name, type, nullable: true), width);
        return vector.Column.Kind switch
        {
            RowValueKind.String => new TextArrowColumn(new(vector.Column.Name, StringType.Default, nullable: true)),
            RowValueKind.Boolean => new BooleanArrowColumn(new(vector.Column.Name, BooleanType.Default, nullable: true)),
            RowValueKind.Int64 => Fixed(Int64Type.Default, sizeof(long)),
            RowValueKind.Decimal => Fixed(new Decimal128Type(MaxPrecision, vector.Scale), 16),
            RowValueKind.DateTime => Fixed(new TimestampType(TimeUnit.Microsecond, "UTC"), sizeof(long)),
            RowValueKind.Date => Fixed(Date32Type.Default, sizeof(int)),
            RowValueKind.TimeOfDay => Fixed(new Time64Type(TimeUnit.Microsecond), sizeof(long)),
            RowValueKind.Duration => Fixed(DurationType.Microsecond, sizeof(long)),
            RowValueKind.Double => Fixed(DoubleType.Default, sizeof(double)),
            _ => throw new InvalidOperationException($"No Arrow type for values of kind {vector.Column.Kind}."),
        };
    }

    private const int MaxPrecision = 38;

    /// <summary>Takes over the first <paramref name="count"/> values of the current chunk.</summary>
    public void Append(ColumnVector vector, int count)
    {
        var validity = _validity.Grow((Rows + count + 7) / 8);
        for (var row = 0; row < count; row++)
        {
            // What lies where a null is, is left over from something else, and not for the caller to see.
            var isNull = IsNull(vector, row);
            if (isNull)
                _nulls++;
            else
                validity[(Rows + row) >> 3] |= (byte)(1 << ((Rows + row) & 7));
            AppendValue(vector, row, Rows + row, isNull);
        }

        Rows += count;
    }

    public IArrowArray Build() => ArrowArrayFactory.BuildArray(new ArrayData(
        Field.DataType, Rows, _nulls, offset: 0, [_nulls == 0 ? ArrowBuffer.Empty : _validity.ToArrow(), .. Buffers()]));

    public virtual void Clear()
    {
        Rows = _nulls = 0;
        _validity.Clear();
    }

    /// <param name="row">Where the value is in the vector.</param>
    /// <param name="index">Where it goes in the batch.</param>
    protected abstract void AppendValue(ColumnVector vector, int row, int index, bool isNull);

    /// <summary>The buffers after the one for nulls.</summary>
    protected abstract IEnumerable<ArrowBuffer> Buffers();

    /// <summary>DuckDB's infinite instants and dates have no form in the feed.</summary>
    private static bool IsNull(ColumnVector vector, int row) =>
        vector.IsNull(row)
        || (vector.Column.Kind == RowValueKind.DateTime && Calendar.IsInfinite(vector.Read<long>(row)))
        || (vector.Column.Kind == RowValueKind.Date && Calendar.IsInfinite(vector.Read<int>(row)));
}
