using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace CoupaGateway.Telemetry;

/// <summary>What there is to know of an instrument, and how it is made.</summary>
/// <param name="Name">Name after OpenTelemetry's conventions.</param>
/// <param name="Unit">UCUM: <c>s</c>, <c>By</c>, or what is counted in braces.</param>
/// <param name="Attributes">Names of its attributes, out of <see cref="Labels"/>.</param>
public sealed record InstrumentInfo(InstrumentKind Kind, string Name, string Unit, string Description, ImmutableArray<string> Attributes)
{
    /// <summary>From a lookup by key to the largest download.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    /// <summary>From a delta of nothing to the first load of a large tenant.</summary>
    private static readonly InstrumentAdvice<double> LongSeconds = new()
    {
        HistogramBucketBoundaries = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 10_800, 43_200],
    };

    /// <summary>Whether a histogram is of work that takes minutes and hours.</summary>
    public bool IsLong { get; init; }

    public Counter<long> Counter(Meter meter) => Of(InstrumentKind.Counter, meter).CreateCounter<long>(Name, Unit, Description);

    public UpDownCounter<long> UpDownCounter(Meter meter) => Of(InstrumentKind.UpDownCounter, meter).CreateUpDownCounter<long>(Name, Unit, Description);

    public Histogram<double> Histogram(Meter meter) => Of(InstrumentKind.Histogram, meter).CreateHistogram(Name, Unit, Description, tags: null, IsLong ? LongSeconds : Seconds);

    /// <param name="measure">Called whenever somebody asks for the values.</param>
    public void Gauge<T>(Meter meter, Func<IEnumerable<Measurement<T>>> measure)
        where T : struct => Of(InstrumentKind.Gauge, meter).CreateObservableGauge(Name, measure, Unit, Description);

    private Meter Of(InstrumentKind kind, Meter meter) => kind == Kind ? meter : throw new InvalidOperationException($"{Name} is a {Kind}.");
}
