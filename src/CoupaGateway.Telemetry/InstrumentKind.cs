namespace CoupaGateway.Telemetry;

/// <summary>How an instrument measures.</summary>
public enum InstrumentKind
{
    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>A sum that grows and shrinks.</summary>
    UpDownCounter,

    /// <summary>A distribution.</summary>
    Histogram,

    /// <summary>A value as it is when somebody asks.</summary>
    Gauge,
}
