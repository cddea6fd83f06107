using System.Collections.Concurrent;
using CoupaGateway.Metadata;
using CoupaGateway.Metadata.Stored;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Connections;

/// <summary>
/// The schema in force of each connection, built once for each of its definitions and revisions of its custom metadata; again from time to time while the secrets of its
/// pseudonyms cannot be had. Before the custom metadata was read for the first time, a connection that may have some has no schema: with another one its tables would be loaded anew.
/// </summary>
internal sealed class ConnectionSchemas : ISchemaProvider, IPseudonymReports, IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly IConnectionDefinitions _definitions;
    private readonly MetadataDirectory _metadata;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Built> _built = new(StringComparer.Ordinal);

    public ConnectionSchemas(IConnectionDefinitions definitions, MetadataDirectory metadata, TimeProvider time)
    {
        _definitions = definitions;
        _metadata = metadata;
        _time = time;
        definitions.Changed += Forget;
        metadata.Changed += Forget;
        metadata.Loaded += ForgetAll;
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
        if (_definitions.Find(connection) is not { } definition || (definition.Options.CustomMetadata && !_metadata.IsLoaded))
            return null;

        var metadata = _metadata.Find(connection);
        var isKnown = _built.TryGetValue(connection, out var known) && ReferenceEquals(known.Definition, definition) && ReferenceEquals(known.Metadata, metadata);
        if (isKnown && (known!.Schema.Problem is null || _time.GetElapsedTime(known.Since) < RetryInterval))
            return known;

        var built = new Built(definition, metadata, ConnectionSchema.Build(definition.Options, metadata.Document), _time.GetTimestamp());
        _built[connection] = built;
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
    }

    /// <param name="Since">Timestamp of the building.</param>
    private sealed record Built(ConnectionDefinition Definition, ConnectionMetadata Metadata, ConnectionSchema Schema, long Since);
}
