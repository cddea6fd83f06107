namespace CoupaGateway.Telemetry;

/// <summary>What the gateway's telemetry is called, for those who listen.</summary>
public static class TelemetryNames
{
    /// <summary>Name of the service in every signal.</summary>
    public const string Service = "coupa-gateway";

    /// <summary>The meter of everything but Coupa's own; the pattern <see cref="Meters"/> finds all.</summary>
    public const string Meter = "CoupaGateway";

    /// <summary>The meter of the requests to Coupa.</summary>
    public const string CoupaMeter = "CoupaGateway.Coupa";

    /// <summary>Pattern of all meters of the gateway.</summary>
    public const string Meters = "CoupaGateway*";

    /// <summary>The source of all spans of the gateway.</summary>
    public const string ActivitySource = "CoupaGateway";
}
