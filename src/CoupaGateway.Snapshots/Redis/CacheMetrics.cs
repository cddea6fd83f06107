using System.Diagnostics.Metrics;
using CoupaGateway.Telemetry;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Redis;

/// <summary>Tells how the cache server and the local chunks do.</summary>
internal static class CacheMetrics
{
    private static readonly Meter Meter = new(TelemetryNames.Meter);
    private static readonly Histogram<double> Operations = Instruments.CacheDuration.Histogram(Meter);
    private static readonly Counter<long> Failures = Instruments.CacheFailures.Counter(Meter);
    private static readonly Counter<long> Chunks = Instruments.ChunkRequests.Counter(Meter);
    private static readonly Counter<long> Downloaded = Instruments.ChunkBytes.Counter(Meter);

    /// <summary>Whether anybody wants to know how long commands take.</summary>
    public static bool TimesCommands => Operations.Enabled;

    public static void Command(string name, TimeSpan duration) => Operations.Record(duration.TotalSeconds, new(Labels.DbSystem, "redis"), new(Labels.DbOperation, name));

    public static void Lost(ConnectionFailureType failure) => Failures.Add(1, new KeyValuePair<string, object?>(Labels.Error, failure.ToString()));

    public static void Found() => Chunks.Add(1, new KeyValuePair<string, object?>(Labels.CacheResult, "hit"));

    public static void Fetched(long bytes)
    {
        Chunks.Add(1, new KeyValuePair<string, object?>(Labels.CacheResult, "miss"));
        Downloaded.Add(bytes);
    }
}
