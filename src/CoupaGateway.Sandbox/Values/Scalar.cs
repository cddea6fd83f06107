using System.Runtime.InteropServices;

namespace CoupaGateway.Sandbox.Values;

/// <summary>One value of a field, without boxing.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Scalar
{
    private Scalar(ScalarKind kind, long number = 0, byte scale = 0, string? text = null)
    {
        Kind = kind;
        Number = number;
        Scale = scale;
        Text = text;
    }

    public static Scalar Absent => default;

    public static Scalar Null { get; } = new(ScalarKind.Null);

    public ScalarKind Kind { get; }

    /// <summary>The integer, the digits of the decimal, 0 or 1, or the seconds since 1970.</summary>
    public long Number { get; }

    /// <summary>Digits after the decimal point.</summary>
    public byte Scale { get; }

    public string? Text { get; }

    public bool HasValue => Kind > ScalarKind.Null;

    public static Scalar String(string? value) => value is null ? Null : new(ScalarKind.String, text: value);

    public static Scalar Integer(long value) => new(ScalarKind.Integer, value);

    /// <summary>A decimal of <paramref name="digits"/> × 10^-<paramref name="scale"/>.</summary>
    public static Scalar Decimal(long digits, byte scale = 2) => new(ScalarKind.Decimal, digits, scale);

    public static Scalar Boolean(bool value) => new(ScalarKind.Boolean, value ? 1 : 0);

    public static Scalar Instant(long seconds) => new(ScalarKind.Instant, seconds);

    public static Scalar Day(long seconds) => new(ScalarKind.Day, seconds);

    public decimal AsDecimal() => Kind == ScalarKind.Decimal
        ? new decimal((int)(Math.Abs(Number) & 0xFFFFFFFF), (int)(Math.Abs(Number) >> 32), 0, Number < 0, Scale)
        : Number;

    /// <summary>Compares two values that are not null: numbers by value, times by instant, strings without regard to case.</summary>
    public static int Compare(in Scalar a, in Scalar b)
    {
        if (a.Kind == ScalarKind.String || b.Kind == ScalarKind.String)
            return string.Compare(a.Text ?? a.Number.ToString(), b.Text ?? b.Number.ToString(), StringComparison.OrdinalIgnoreCase);
        return a.Kind == ScalarKind.Decimal || b.Kind == ScalarKind.Decimal
            ? a.AsDecimal().CompareTo(b.AsDecimal())
            : a.Number.CompareTo(b.Number);
    }
}
