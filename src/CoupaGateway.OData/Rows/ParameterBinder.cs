using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using DuckDB.NET.Native;
using Binding = DuckDB.NET.Native.NativeMethods.PreparedStatements;

namespace CoupaGateway.OData.Rows;

/// <summary>Gives a prepared statement its values.</summary>
internal static unsafe class ParameterBinder
{
    public static void Bind(DuckDBPreparedStatement statement, ImmutableArray<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (Bind(statement, i + 1, values[i]) != DuckDBState.Success)
                throw new InvalidOperationException($"Parameter ${i + 1} of type {values[i]?.GetType().Name ?? "null"} cannot be bound.");
        }
    }

    private static DuckDBState Bind(DuckDBPreparedStatement statement, int index, object? value) => value switch
    {
        null => Binding.DuckDBBindNull(statement, index),
        string text => BindText(statement, index, text),
        long number => Binding.DuckDBBindInt64(statement, index, number),
        int number => Binding.DuckDBBindInt64(statement, index, number),
        double number => Binding.DuckDBBindDouble(statement, index, number),
        decimal number => BindDecimal(statement, index, number),
        bool flag => Binding.DuckDBBindBoolean(statement, index, flag),
        DateTime instant => Binding.DuckDBBindTimestamp(statement, index, new DuckDBTimestampStruct { Micros = ToMicros(instant) }),
        DateOnly date => Binding.DuckDBBindDate(statement, index, new DuckDBDate { Days = date.DayNumber - EpochDay }),
        TimeOnly time => BindText(statement, index, time.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
        TimeSpan span => DuckDbNative.BindInterval(statement.DangerousGetHandle(), (ulong)index, IntervalValue.Of(span.Ticks / TimeSpan.TicksPerMicrosecond)),
        IntervalValue interval => DuckDbNative.BindInterval(statement.DangerousGetHandle(), (ulong)index, interval),
        _ => throw new ArgumentException($"No parameter can be of type {value.GetType().Name}.", nameof(value)),
    };

    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private static DuckDBState BindText(DuckDBPreparedStatement statement, int index, string text)
    {
        // A lone surrogate (JSON may hold one) becomes U+FFFD: DuckDB takes UTF-8 only.
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* first = bytes)
        {
            byte none = 0;
            return DuckDbNative.BindVarchar(statement.DangerousGetHandle(), (ulong)index, first == null ? &none : first, (ulong)bytes.Length);
        }
    }

    private static DuckDBState BindDecimal(DuckDBPreparedStatement statement, int index, decimal value)
    {
        // DECIMAL(width, scale) with just the digits that the value has, and one before the point.
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var unscaled = ((Int128)(uint)bits[2] << 64) | ((Int128)(uint)bits[1] << 32) | (uint)bits[0];
        var scale = (byte)(bits[3] >> 16);
        byte width = 1;
        for (var rest = unscaled / 10; rest != 0; rest /= 10)
            width++;
        if (value < 0)
            unscaled = -unscaled;
        return DuckDbNative.BindDecimal(
            statement.DangerousGetHandle(),
            (ulong)index,
            new() { Width = Math.Max(width, (byte)(scale + 1)), Scale = scale, Lower = (ulong)unscaled, Upper = (long)(unscaled >> 64) });
    }

    private static long ToMicros(DateTime instant) => (instant.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
