using Apache.Arrow;
using CoupaGateway.OData.Rows;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Downloads.Arrow;

/// <summary>Numbers, dates, instants, times and durations.</summary>
/// <param name="width">Bytes of a value.</param>
internal sealed class FixedArrowColumn(Field field, int width) : ArrowColumn(field)
{
    private readonly ByteBuffer _values = new();

    protected override void AppendValue(ColumnVector vector, int row, int index, bool isNull)
    {
        if (isNull)
        {
            _values.Grow((index + 1) * width);
            return;
        }

        switch (vector.Column.Kind)
        {
            case RowValueKind.Int64:
                _values.Set(index, vector.ReadInteger(row));
                break;
            case RowValueKind.Decimal:
                _values.Set(index, vector.ReadUnscaled(row));
                break;
            case RowValueKind.DateTime:
                _values.Set(index, vector.Read<long>(row));
                break;
            case RowValueKind.Date:
                _values.Set(index, vector.Read<int>(row));
                break;
            case RowValueKind.TimeOfDay:
                _values.Set(index, vector.Read<long>(row) % Calendar.MicrosPerDay);
                break;
            case RowValueKind.Duration:
                _values.Set(index, vector.Read<IntervalValue>(row).Total);
                break;
            default:
                _values.Set(index, vector.PhysicalType == DuckDBType.Float ? vector.Read<float>(row) : vector.Read<double>(row));
                break;
        }
    }

    protected override IEnumerable<ArrowBuffer> Buffers() => [_values.ToArrow()];

    public override void Clear()
    {
        base.Clear();
        _values.Clear();
    }
}
