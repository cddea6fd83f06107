using System.Text;

namespace CoupaGateway.Telemetry;

/// <summary>What an instrument is called at <c>/metrics</c>.</summary>
public static class PrometheusNames
{
    /// <summary>Name of the metric family: underscores for dots, the unit behind, <c>_total</c> for counters.</summary>
    public static string NameOf(InstrumentInfo instrument)
    {
        var name = new StringBuilder(instrument.Name.Replace('.', '_'));
        if (UnitOf(instrument) is { } unit && !instrument.Name.EndsWith(unit, StringComparison.Ordinal))
            name.Append('_').Append(unit);
        if (instrument.Kind == InstrumentKind.Counter)
            name.Append("_total");

        return name.ToString();
    }

    /// <summary>The names under which its values can be asked for.</summary>
    public static IEnumerable<string> SeriesOf(InstrumentInfo instrument)
    {
        var name = NameOf(instrument);
        return instrument.Kind == InstrumentKind.Histogram ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"] : [name];
    }

    private static string? UnitOf(InstrumentInfo instrument) => instrument.Unit switch
    {
        "s" => "seconds",
        "By" => "bytes",
        "{request}/s" => "per_second",
        _ => null,
    };
}
