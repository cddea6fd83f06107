using System.Collections.Concurrent;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Connections;

/// <summary>
/// The schema in force of each connection, built once for each of its definitions; again from time to time while the secrets of its pseudonyms
/// cannot be had.
/// </summary>
internal sealed class ConnectionSchemas : ISchemaProvider, IPseudonymReports, IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly IConnectionDefinitions _definitions;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Built> _built = new(StringComparer.Ordinal);

    public ConnectionSchemas(IConnectionDefinitions definitions, TimeProvider time)
    {
        _definitions = definitions;
        _time = time;
        definitions.Changed += Forget;
    }

    public IReadOnlyCollection<string> Connections => [.. _definitions.All.Select(static definition => definition.Name)];

    public event Action<string>? Changed;

    public SchemaRevision? Find(string connection) => FindBuilt(connection)?.Result.Schema;

    public PseudonymReport? FindReport(string connection) => FindBuilt(connection)?.Result.Report;

    public string? FindProblem(string connection) => FindBuilt(connection)?.Problem;

    private Built? FindBuilt(string connection)
    {
        if (_definitions.Find(connection) is not { } definition)
            return null;

        var isKnown = _built.TryGetValue(connection, out var known) && ReferenceEquals(known.Definition, definition);
        if (isKnown && (known!.Problem is null || _time.GetElapsedTime(known.Since) < RetryInterval))
            return known;

        var result = ConnectionPseudonyms.Apply(definition, definition.Options.BuildSchema(), out var problem);
        var built = new Built(definition, result, problem, _time.GetTimestamp());
        _built[connection] = built;
        if (isKnown && problem is null)
            Changed?.Invoke(connection);
        return built;
    }

    private void Forget(string connection)
    {
        _built.TryRemove(connection, out _);
        Changed?.Invoke(connection);
    }

    public void Dispose() => _definitions.Changed -= Forget;

    /// <param name="Problem">Why the tables cannot be loaded; null when they can.</param>
    /// <param name="Since">Timestamp of the building.</param>
    private sealed record Built(ConnectionDefinition Definition, PseudonymResult Result, string? Problem, long Since);
}
