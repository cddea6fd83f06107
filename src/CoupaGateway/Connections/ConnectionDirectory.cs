using CoupaGateway.Sync.Connections;

namespace CoupaGateway.Connections;

/// <summary>Shows the definitions to the sync engine, without those that are paused.</summary>
internal sealed class ConnectionDirectory(IConnectionDefinitions definitions) : IConnectionProvider
{
    public IReadOnlyCollection<ConnectionConfig> Connections =>
        [
            .. definitions.All.Where(static definition => !definition.IsPaused)
                .Select(static definition => new ConnectionConfig(definition.Name, definition.Tenant) { Schedule = definition.Schedule, Observed = definition.Options.ObservedColumns.ToPolicy() }),
        ];

    public event Action<string>? Changed
    {
        add => definitions.Changed += value;
        remove => definitions.Changed -= value;
    }
}
