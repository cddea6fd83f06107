using System.Collections.Concurrent;
using CoupaGateway.Drift;
using CoupaGateway.Metadata;
using CoupaGateway.Metadata.Stored;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync;

namespace CoupaGateway.Connections;

/// <summary>
/// The schema in force of each connection, built once for each of its definitions, revisions of its custom metadata and sets of observed columns; again from time to time while the secrets of its
/// pseudonyms cannot be had. Before the latter two were read for the first time a connection has no schema: with another one its tables would be loaded anew.
/// </summary>
internal sealed class ConnectionSchemas : ISchemaProvider, IPseudonymReports, IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly IConnectionDefinitions _definitions;
    private readonly MetadataDirectory _metadata;
    private readonly ObservedDirectory _observed;
    private readonly TimeProvider _time;
    private readonly ILogger<ConnectionSchemas> _logger;
    private readonly ConcurrentDictionary<string, Built> _built = new(StringComparer.Ordinal);

    public ConnectionSchemas(IConnectionDefinitions definitions, MetadataDirectory metadata, ObservedDirectory observed, TimeProvider time, ILogger<ConnectionSchemas> logger)
    {
        _definitions = definitions;
        _metadata = metadata;
        _observed = observed;
        _time = time;
        _logger = logger;
        definitions.Changed += Forget;
        metadata.Changed += Forget;
        metadata.Loaded += ForgetAll;
        observed.Changed += Forget;
        observed.Loaded += ForgetAll;
    }

    public IReadOnlyCollection<string> Connections => [.. _definitions.All.Select(static definition => definition.Name)];

    public event Action<string>? Changed;

    public SchemaRevision? Find(string connection) => FindBuilt(connection)?.Schema.Result.Schema;

    public PseudonymReport? FindReport(string connection) => FindBuilt(connection)?.Schema.Result.Report;

    public string? FindProblem(string connection) => FindBuilt(connection)?.Schema.Problem;

    /// <summary>The schema in force with how it came about; null when there is no such connection.</summary>
    public ConnectionSchema? FindWhole(string connection) => FindBuilt(connection)?.Schema;

    private Built? FindBuilt(string connection)
    {
        if (_definitions.Find(connection) is not { } definition || !_metadata.IsLoaded || !_observed.IsLoaded)
            return null;

        var (metadata, observed) = (_metadata.Find(connection), _observed.Find(connection));
        var isKnown = _built.TryGetValue(connection, out var known) && ReferenceEquals(known.Definition, definition) && ReferenceEquals(known.Metadata, metadata) && ReferenceEquals(known.Observed, observed);
        if (isKnown && (known!.Schema.Problem is null || _time.GetElapsedTime(known.Since) < RetryInterval))
            return known;

        var built = new Built(definition, metadata, observed, ConnectionSchema.Build(definition.Options, metadata.Document, observed), _time.GetTimestamp());
        _built[connection] = built;
        if (!isKnown && definition.Schedule.Tables.Except(built.Schema.Result.Schema.ApiTables()).ToArray() is { Length: > 0 } unknown)
            ConnectionLog.ScheduleWithoutTable(_logger, connection, string.Join(", ", unknown));
        if (isKnown && built.Schema.Problem is null)
            Changed?.Invoke(connection);
        return built;
    }

    private void Forget(string connection)
    {
        _built.TryRemove(connection, out _);
        Changed?.Invoke(connection);
    }

    private void ForgetAll()
    {
        foreach (var connection in Connections)
            Forget(connection);
    }

    public void Dispose()
    {
        _definitions.Changed -= Forget;
        _metadata.Changed -= Forget;
        _metadata.Loaded -= ForgetAll;
        _observed.Changed -= Forget;
        _observed.Loaded -= ForgetAll;
    }

    /// <param name="Since">Timestamp of the building.</param>
    private sealed record Built(ConnectionDefinition Definition, ConnectionMetadata Metadata, ObservedKeys Observed, ConnectionSchema Schema, long Since);
}
