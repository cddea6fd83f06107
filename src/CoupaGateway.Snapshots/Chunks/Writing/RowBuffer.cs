using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CoupaGateway.Schema;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>
/// Rows of one table on their way into a chunk, column by column, outside the managed heap. New rows are null in every column. Not safe
/// for several threads at once. The caller owns it; it holds unmanaged memory until it is disposed.
/// </summary>
public sealed unsafe class RowBuffer : IDisposable
{
    private const int FirstCapacity = 512;

    // DuckDB's string cell: 4 bytes of length, then either up to 12 bytes of text, or the first 4 of them and a pointer to all.
    private const int InlineText = 12;

    private readonly NativeColumn[] _columns;
    private readonly TextArena _texts = new();
    private int _capacity;
    private long _cellBytes;

    public RowBuffer(TableSchema table)
    {
        Table = table;
        _columns = new NativeColumn[table.Columns.Length];
        for (var i = 0; i < _columns.Length; i++)
            _columns[i] = new NativeColumn(table.Columns[i].Type);
    }

    public TableSchema Table { get; }

    public int Rows { get; private set; }

    /// <summary>Memory held outside the managed heap, in bytes.</summary>
    public long AllocatedBytes => _cellBytes + _texts.AllocatedBytes;

    internal ReadOnlySpan<NativeColumn> Columns => _columns;

    /// <summary>Gives every row of an integer or instant column one value, without storing it row by row.</summary>
    public void SetConstant(int column, long value)
    {
        ref var target = ref _columns[column];
        if (target.Width != sizeof(long))
            throw new ArgumentException($"Column {Table.Columns[column].Name} cannot hold a constant.", nameof(column));

        target.IsConstant = true;
        target.Constant = value;
    }

    /// <summary>Appends a row of nulls and returns its index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int AddRow()
    {
        if (Rows == _capacity)
            Grow();

        return Rows++;
    }

    /// <summary>Drops the rows from <paramref name="rows"/> on.</summary>
    public void Truncate(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Rows);
        if (rows == Rows)
            return;

        for (var i = 0; i < _columns.Length; i++)
            _columns[i].MarkNullFrom(rows, Rows);

        Rows = rows;
    }

    /// <summary>Drops all rows and keeps the memory of the columns for the next ones.</summary>
    public void Clear()
    {
        Truncate(0);
        _texts.Clear();
    }

    /// <summary>Drops all rows and gives their memory back.</summary>
    public void Release()
    {
        for (var i = 0; i < _columns.Length; i++)
            _columns[i].Free();

        _texts.Dispose();
        _capacity = 0;
        _cellBytes = 0;
        Rows = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetInt64(int column, int row, long value) => *(long*)Cell(column, row, sizeof(long)) = value;

    /// <summary>Sets an instant, in microseconds since 1970-01-01T00:00:00Z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetInstant(int column, int row, long microseconds) => *(long*)Cell(column, row, sizeof(long)) = microseconds;

    /// <summary>Sets a date, in days since 1970-01-01.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetDate(int column, int row, int days) => *(int*)Cell(column, row, sizeof(int)) = days;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetBoolean(int column, int row, bool value) => *Cell(column, row, sizeof(bool)) = value ? (byte)1 : (byte)0;

    /// <summary>Sets a decimal, scaled by 10^<see cref="SchemaLimits.DecimalScale"/>; at most 38 digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetDecimal(int column, int row, Int128 scaled)
    {
        // Little-endian hosts only (all that DuckDB is built for here): lower half first, as DuckDB's hugeint.
        var cell = (ulong*)Cell(column, row, 16);
        cell[0] = (ulong)scaled;
        cell[1] = (ulong)(scaled >> 64);
    }

    /// <summary>Sets a text. <paramref name="utf8"/> must be valid UTF-8.</summary>
    public void SetText(int column, int row, ReadOnlySpan<byte> utf8)
    {
        var cell = Cell(column, row, 16);
        *(int*)cell = utf8.Length;
        if (utf8.Length <= InlineText)
        {
            SetInline(cell + 4, utf8);
            return;
        }

        var text = _texts.Reserve(utf8.Length);
        utf8.CopyTo(new Span<byte>(text, utf8.Length));
        *(int*)(cell + 4) = *(int*)text;
        *(byte**)(cell + 8) = text;
    }

    public void SetNull(int column, int row) => _columns[column].MarkNull(row);

    public bool IsNull(int column, int row) => !_columns[column].IsValid(row);

    /// <summary>The value of an integer column that is not null there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long GetInt64(int column, int row)
    {
        ref var source = ref _columns[column];
        return source.IsConstant ? source.Constant : ((long*)source.Data)[row];
    }

    /// <summary>
    /// A value as an object: string, long, decimal (a string of its digits when .NET's decimal cannot hold it), bool, DateTimeOffset (UTC), DateOnly or null. For looking at few rows.
    /// </summary>
    public object? GetValue(int column, int row)
    {
        if (IsNull(column, row))
            return null;

        ref var source = ref _columns[column];
        switch (source.Type)
        {
            case ColumnType.String:
                var cell = source.Data + (row * 16L);
                var length = *(int*)cell;
                return Encoding.UTF8.GetString(length <= InlineText ? cell + 4 : *(byte**)(cell + 8), length);
            case ColumnType.Int64:
                return GetInt64(column, row);
            case ColumnType.Decimal:
                var halves = (ulong*)(source.Data + (row * 16L));
                return Unscale(new Int128(halves[1], halves[0]));
            case ColumnType.Boolean:
                return source.Data[row] != 0;
            case ColumnType.DateTime:
                return DateTimeOffset.UnixEpoch.AddMicroseconds(GetInt64(column, row));
            case ColumnType.Date:
                return DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(((int*)source.Data)[row]);
            default:
                throw new InvalidOperationException($"No value of type {source.Type}.");
        }
    }

    public void Dispose() => Release();

    private static object Unscale(Int128 scaled)
    {
        var magnitude = Int128.Abs(scaled);
        if (magnitude >> 96 == 0)
        {
            var low = (ulong)magnitude;
            return new decimal((int)low, (int)(low >> 32), (int)(uint)(magnitude >> 64), scaled < 0, SchemaLimits.DecimalScale) / 1.000000000000m;
        }

        var digits = magnitude.ToString(CultureInfo.InvariantCulture);
        return $"{(scaled < 0 ? "-" : "")}{digits[..^SchemaLimits.DecimalScale]}.{digits[^SchemaLimits.DecimalScale..]}".TrimEnd('0').TrimEnd('.');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Cell(int column, int row, int width)
    {
        ref var target = ref _columns[column];
        if (target.Data == null)
            Allocate(ref target);

        target.MarkValid(row);
        return target.Data + ((nint)row * width);
    }

    /// <summary>Writes 12 bytes: the text, then zeros. Two reads that may overlap take less than a call that copies so little.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetInline(byte* target, ReadOnlySpan<byte> text)
    {
        var (first, last) = (0UL, 0U);
        if (text.Length >= 8)
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(text);
            if (text.Length > 8)
                last = BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]) >> ((InlineText - text.Length) * 8);
        }
        else if (text.Length >= 4)
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(text) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]) << ((text.Length - 4) * 8));
        }
        else
        {
            for (var i = 0; i < text.Length; i++)
                first |= (ulong)text[i] << (i * 8);
        }

        *(ulong*)target = first;
        *(uint*)(target + 8) = last;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Allocate(ref NativeColumn column)
    {
        column.Resize(0, _capacity);
        _cellBytes += (long)_capacity * column.Width;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        var capacity = Math.Max(FirstCapacity, _capacity * 2);
        _cellBytes = 0;
        for (var i = 0; i < _columns.Length; i++)
        {
            if (_columns[i].Data == null)
                continue;

            _columns[i].Resize(_capacity, capacity);
            _cellBytes += (long)capacity * _columns[i].Width;
        }

        _capacity = capacity;
    }
}
