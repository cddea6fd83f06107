using System.Text;
using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Connections;

/// <summary>Reads the connections of the configuration.</summary>
internal sealed class ConfiguredConnections(IConfiguration configuration, ConnectionCheck check)
{
    /// <summary>All connections, and everything that is wrong with them, each fault naming the key. With faults there are no connections.</summary>
    public (IReadOnlyList<ConnectionEntry> Connections, IReadOnlyList<string> Faults) Read()
    {
        var faults = new List<string>();
        var connections = configuration.GetSection(ConnectionOptions.Section).GetChildren()
            .Select(section => Read(section, faults))
            .OfType<ConnectionEntry>()
            .ToList();
        return faults.Count == 0 ? (connections, faults) : ([], faults);
    }

    private ConnectionEntry? Read(IConfigurationSection section, List<string> faults)
    {
        var options = new ConnectionOptions();
        var tenantOptions = new CoupaTenantOptions();
        try
        {
            section.Bind(options);
            section.Bind(tenantOptions);
        }
        catch (InvalidOperationException error)
        {
            faults.Add($"{section.Path}: {error.Message}"); // a value that cannot be bound; the message names key and type, not the value
            return null;
        }

        var found = check.FindFaults(section.Key, options, tenantOptions);
        faults.AddRange(found.Select(fault => $"{section.Path}: {fault.Message}"));
        if (found.Count > 0)
            return null;

        var definition = new ConnectionDefinition(section.Key, options, CoupaTenant.Create(tenantOptions));
        return new ConnectionEntry(
            section.Key, ConnectionOrigin.Configuration, ConnectionMapping.ToSettings(options, tenantOptions), Text(section), definition, Problem: null);
    }

    /// <summary>The section as it stands, as a hash, to tell whether it changed: it holds the secret.</summary>
    private static string Text(IConfigurationSection section)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in section.AsEnumerable(makePathsRelative: true).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            text.Append(key).Append('=').Append(value).Append('\n');
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
