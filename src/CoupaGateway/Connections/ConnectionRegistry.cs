using System.Collections.Frozen;
using CoupaGateway.Connections.Stored;
using Microsoft.Extensions.Primitives;

namespace CoupaGateway.Connections;

/// <summary>
/// All connections: those of the configuration, and those that were stored by REST, which the configuration hides where both have a name. It follows
/// changes of both, and of what is paused; a faulty new configuration is refused as a whole and the old one stays.
/// </summary>
internal sealed class ConnectionRegistry : IConnectionDefinitions, IDisposable
{
    private readonly ConfiguredConnections _configuration;
    private readonly StoredConnectionReader _reader;
    private readonly ILogger<ConnectionRegistry> _logger;
    private readonly Lock _gate = new();
    private readonly IDisposable _reload;
    private IReadOnlyDictionary<string, ConnectionEntry> _configured = FrozenDictionary<string, ConnectionEntry>.Empty;
    private IReadOnlyDictionary<string, ConnectionEntry> _stored = FrozenDictionary<string, ConnectionEntry>.Empty;
    private IReadOnlySet<string> _paused = FrozenSet<string>.Empty;
    private volatile FrozenDictionary<string, ConnectionEntry> _entries = FrozenDictionary<string, ConnectionEntry>.Empty;

    public ConnectionRegistry(IConfiguration configuration, ConfiguredConnections configured, StoredConnectionReader reader, ILogger<ConnectionRegistry> logger)
    {
        (_configuration, _reader, _logger) = (configured, reader, logger);
        var (connections, faults) = configured.Read();
        Faults = faults;
        _configured = connections.ToDictionary(static entry => entry.Name, StringComparer.Ordinal);
        Rebuild();
        _reload = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>What was wrong with the configuration when the gateway started; it then ends.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>All connections, also those that cannot be used.</summary>
    public IReadOnlyCollection<ConnectionEntry> Entries => _entries.Values;

    public IReadOnlyCollection<ConnectionDefinition> All => [.. _entries.Values.Select(static entry => entry.Definition).OfType<ConnectionDefinition>()];

    public event Action<string>? Changed;

    public ConnectionEntry? FindEntry(string name) => _entries.GetValueOrDefault(name);

    public ConnectionDefinition? Find(string name) => FindEntry(name)?.Definition;

    public void TakeStored(IReadOnlyDictionary<string, string> documents) => Change(() => _stored = documents.ToDictionary(
        static document => document.Key,
        document => _stored.TryGetValue(document.Key, out var known) && known.Text == document.Value ? known : _reader.Read(document.Key, document.Value),
        StringComparer.Ordinal));

    public void TakePaused(IEnumerable<string> names) => Change(() => _paused = names.ToFrozenSet(StringComparer.Ordinal));

    public void Dispose() => _reload.Dispose();

    private void Reload()
    {
        var (connections, faults) = _configuration.Read();
        if (faults.Count > 0)
        {
            ConnectionLog.ConfigurationRefused(_logger, string.Join('\n', faults));
            return;
        }

        Change(() => _configured = connections.ToDictionary(
            static entry => entry.Name,
            entry => _configured.TryGetValue(entry.Name, out var known) && known.Text == entry.Text ? known : entry,
            StringComparer.Ordinal));
    }

    private void Change(Action change)
    {
        string[] changed;
        lock (_gate)
        {
            change();
            changed = Rebuild();
        }

        foreach (var name in changed)
        {
            ConnectionLog.Changed(_logger, name);
            Changed?.Invoke(name);
        }
    }

    /// <returns>The names that have another definition now, or none any more.</returns>
    private string[] Rebuild()
    {
        var before = _entries;
        var after = _configured.Values.Concat(_stored.Values.Where(stored => !_configured.ContainsKey(stored.Name)))
            .Select(entry => Keep(before, entry.WithPause(_paused.Contains(entry.Name))))
            .ToFrozenDictionary(static entry => entry.Name, StringComparer.Ordinal);
        _entries = after;
        return [.. before.Keys.Union(after.Keys).Where(name => !ReferenceEquals(before.GetValueOrDefault(name)?.Definition, after.GetValueOrDefault(name)?.Definition))];
    }

    /// <summary>The entry of before, when it is the same: what hangs on its definition stays.</summary>
    private static ConnectionEntry Keep(FrozenDictionary<string, ConnectionEntry> before, ConnectionEntry entry) =>
        before.TryGetValue(entry.Name, out var known) && known.Origin == entry.Origin && known.Text == entry.Text && known.IsPaused == entry.IsPaused && known.Problem == entry.Problem
            ? known
            : entry;
}
