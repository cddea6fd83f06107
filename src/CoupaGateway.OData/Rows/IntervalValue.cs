using System.Runtime.InteropServices;

namespace CoupaGateway.OData.Rows;

/// <summary>DuckDB's INTERVAL, <c>duckdb_interval</c>, as it lies in a vector. Nothing in the feed makes months: they have no one length.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct IntervalValue(int Months, int Days, long Micros)
{
    /// <summary>The whole length in microseconds.</summary>
    public long Total => (Days * Calendar.MicrosPerDay) + Micros;

    public static IntervalValue Of(long micros) => new(Months: 0, (int)(micros / Calendar.MicrosPerDay), micros % Calendar.MicrosPerDay);
}
