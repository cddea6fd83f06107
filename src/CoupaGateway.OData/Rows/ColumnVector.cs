using System.Runtime.CompilerServices;
using System.Text;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// One column of the current chunk: DuckDB's own memory, read in place. Results are always flat vectors: DuckDB unpacks constant and
/// dictionary vectors before it hands a chunk out.
/// </summary>
internal sealed unsafe class ColumnVector(RowColumn column, DuckDBType physicalType, byte scale)
{
    private byte* _data;
    private ulong* _validity;

    /// <summary>The first value of the current chunk.</summary>
    public byte* Data => _data;

    /// <summary>One bit a row of the current chunk, 0 for null; null when every row has a value.</summary>
    public ulong* Validity => _validity;

    public RowColumn Column { get; } = column;

    /// <summary>How values lie in memory: for decimals the integer type behind them.</summary>
    public DuckDBType PhysicalType { get; } = physicalType;

    /// <summary>Digits after the decimal point; 0 for anything but decimals.</summary>
    public byte Scale { get; } = scale;

    /// <param name="type">The result column's type; it has to be one that <see cref="RowColumn.Kind"/> can be read from.</param>
    public static ColumnVector Create(RowColumn column, DuckDBLogicalType type)
    {
        var id = NativeMethods.LogicalType.DuckDBGetTypeId(type);
        var physical = id == DuckDBType.Decimal ? NativeMethods.LogicalType.DuckDBDecimalInternalType(type) : id;
        if (!Fits(column.Kind, id))
            throw new InvalidOperationException($"Column {column.Name} is a {id}: it cannot be read as {column.Kind}.");
        return new ColumnVector(column, physical, id == DuckDBType.Decimal ? NativeMethods.LogicalType.DuckDBDecimalScale(type) : (byte)0);
    }

    private static bool Fits(RowValueKind kind, DuckDBType type) => kind switch
    {
        RowValueKind.String => type == DuckDBType.Varchar,
        RowValueKind.Int64 => IsInteger(type),
        RowValueKind.Decimal => type is DuckDBType.Decimal or DuckDBType.HugeInt || IsInteger(type),
        RowValueKind.Boolean => type == DuckDBType.Boolean,
        RowValueKind.DateTime => type == DuckDBType.Timestamp,
        RowValueKind.Date => type == DuckDBType.Date,
        RowValueKind.Double => type is DuckDBType.Double or DuckDBType.Float,
        RowValueKind.TimeOfDay => type == DuckDBType.Time,
        RowValueKind.Duration => type == DuckDBType.Interval,
        _ => false,
    };

    private static bool IsInteger(DuckDBType type) =>
        type is DuckDBType.TinyInt or DuckDBType.SmallInt or DuckDBType.Integer or DuckDBType.BigInt
            or DuckDBType.UnsignedTinyInt or DuckDBType.UnsignedSmallInt or DuckDBType.UnsignedInteger;

    /// <summary>A vector for the same column of another chunk, bound to none yet.</summary>
    public ColumnVector Unbound() => new(Column, PhysicalType, Scale);

    /// <summary>Binds to what another vector of the same column is bound to.</summary>
    public void BindLike(ColumnVector other) => Bind(other._data, other._validity);

    /// <summary>Memory of the vector in a chunk of so many rows, in bytes: DuckDB makes room for <see cref="Capacity"/> of them, however few there are.</summary>
    public long Bytes(int rows)
    {
        var bytes = (Math.Max(rows, Capacity) * (long)Width(PhysicalType)) + (_validity == null ? 0 : Capacity / 8);
        if (PhysicalType != DuckDBType.Varchar)
            return bytes;
        for (var row = 0; row < rows; row++)
        {
            if (!IsNull(row) && *(int*)(_data + ((long)row * StringWidth)) is > InlineLength and var length)
                bytes += length;
        }

        return bytes;
    }

    /// <summary>Rows of a chunk at most.</summary>
    public const int Capacity = 2_048;

    /// <summary>Bytes of a value in a vector; of a string, without its text when that is long.</summary>
    public static int Width(DuckDBType type) => type switch
    {
        DuckDBType.Boolean or DuckDBType.TinyInt or DuckDBType.UnsignedTinyInt => 1,
        DuckDBType.SmallInt or DuckDBType.UnsignedSmallInt => 2,
        DuckDBType.Integer or DuckDBType.UnsignedInteger or DuckDBType.Date or DuckDBType.Float => 4,
        DuckDBType.Varchar => StringWidth,
        DuckDBType.HugeInt or DuckDBType.Interval => 16,
        _ => 8,
    };

    /// <param name="data">First value.</param>
    /// <param name="validity">One bit a row, 0 for null; null when every row has a value.</param>
    public void Bind(byte* data, ulong* validity)
    {
        _data = data;
        _validity = validity;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNull(int row) => _validity != null && ((_validity[row >> 6] >> (row & 63)) & 1) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>(int row)
        where T : unmanaged => ((T*)_data)[row];

    /// <summary>The UTF-8 bytes of a string. The pointer leads into the chunk: valid until the next one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* ReadString(int row, out int length) => TextOf(_data + ((long)row * StringWidth), out length);

    /// <summary>Where the text of an entry, a <c>duckdb_string_t</c>, is: length, then either 12 bytes of text or 4 bytes of prefix and a pointer to the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* TextOf(byte* entry, out int length)
    {
        length = *(int*)entry;
        return length <= InlineLength ? entry + 4 : *(byte**)(entry + 8);
    }

    /// <summary>Bytes of a <c>duckdb_string_t</c>.</summary>
    public const int StringWidth = 16;

    /// <summary>Strings up to this length lie in the vector itself.</summary>
    public const int InlineLength = 12;

    /// <summary>The unscaled value of a decimal.</summary>
    public Int128 ReadUnscaled(int row) => PhysicalType == DuckDBType.HugeInt ? Read<Int128>(row) : ReadInteger(row);

    /// <summary>Any integer type that fits into 64 bits.</summary>
    public long ReadInteger(int row) => PhysicalType switch
    {
        DuckDBType.TinyInt => Read<sbyte>(row),
        DuckDBType.SmallInt => Read<short>(row),
        DuckDBType.Integer => Read<int>(row),
        DuckDBType.UnsignedTinyInt => Read<byte>(row),
        DuckDBType.UnsignedSmallInt => Read<ushort>(row),
        DuckDBType.UnsignedInteger => Read<uint>(row),
        _ => Read<long>(row),
    };

    /// <summary>
    /// The value as a CLR object: string, long, decimal (a string of all its digits when it does not fit), bool, DateTime (UTC), DateOnly,
    /// double, TimeOnly, <see cref="IntervalValue"/> or null. An instant or a date that .NET cannot hold is null, too.
    /// </summary>
    public object? ReadObject(int row)
    {
        if (IsNull(row))
            return null;
        switch (Column.Kind)
        {
            case RowValueKind.String:
                var text = ReadString(row, out var length);
                return Encoding.UTF8.GetString(text, length);
            case RowValueKind.Int64:
                return ReadInteger(row);
            case RowValueKind.Decimal:
                return ToDecimal(ReadUnscaled(row));
            case RowValueKind.Boolean:
                return Read<byte>(row) != 0;
            case RowValueKind.DateTime:
                var micros = Read<long>(row);
                return Calendar.IsInDateTimeRange(micros) ? DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond) : null;
            case RowValueKind.Date:
                var day = (long)Read<int>(row) + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
                return day >= 0 && day <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)day) : null;
            case RowValueKind.Double:
                return PhysicalType == DuckDBType.Float ? Read<float>(row) : Read<double>(row);
            case RowValueKind.TimeOfDay:
                return new TimeOnly(Read<long>(row) % Calendar.MicrosPerDay * TimeSpan.TicksPerMicrosecond);
            case RowValueKind.Duration:
                return Read<IntervalValue>(row);
            default:
                throw new InvalidOperationException($"No value of kind {Column.Kind}.");
        }
    }

    private object ToDecimal(Int128 unscaled)
    {
        var magnitude = Int128.Abs(unscaled);
        if (unscaled != Int128.MinValue && magnitude >> 96 == 0 && Scale <= 28)
        {
            var low = (ulong)magnitude;
            return new decimal((int)low, (int)(low >> 32), (int)(uint)(magnitude >> 64), unscaled < 0, Scale);
        }

        Span<byte> digits = stackalloc byte[NumberFormat.MaxDecimalLength];
        fixed (byte* start = digits)
            return Encoding.UTF8.GetString(digits[..(int)(NumberFormat.WriteDecimal(start, unscaled, Scale) - start)]);
    }
}
