using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CoupaGateway.Tests.Secrets;

/// <summary>Every measurement of the process that has tags, as text.</summary>
internal sealed class MeterCatcher : IDisposable
{
    private readonly MeterListener _listener = new() { InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument) };

    public MeterCatcher()
    {
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.Start();
    }

    public ConcurrentDictionary<string, bool> Texts { get; } = [];

    public void Dispose()
    {
        _listener.RecordObservableInstruments();
        _listener.Dispose();
    }

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Texts[$"{instrument.Meter.Name} {instrument.Name} {string.Join(' ', tags.ToArray())}"] = true;
}
