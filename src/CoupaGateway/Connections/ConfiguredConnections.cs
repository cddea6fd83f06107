using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Connections;

/// <summary>The connections of the configuration, checked once when the gateway starts.</summary>
internal sealed partial class ConfiguredConnections : ISchemaProvider, IConnectionProvider
{
    private readonly FrozenDictionary<string, (ConnectionConfig Config, SchemaRevision Schema)> _connections;

    /// <exception cref="OptionsValidationException">Something is wrong; <c>Failures</c> has all of it at once, each naming the key.</exception>
    public ConfiguredConnections(IConfiguration configuration)
    {
        var failures = new List<string>();
        _connections = configuration.GetSection(ConnectionOptions.Section).GetChildren()
            .Select(section => (section.Key, Connection: Read(section, failures)))
            .Where(static entry => entry.Connection is not null)
            .ToFrozenDictionary(static entry => entry.Key, static entry => entry.Connection!.Value);
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(ConnectionOptions.Section, typeof(ConnectionOptions), failures);
        }
    }

    IReadOnlyCollection<string> ISchemaProvider.Connections => _connections.Keys;

    IReadOnlyCollection<ConnectionConfig> IConnectionProvider.Connections => [.. _connections.Values.Select(static connection => connection.Config)];

    public SchemaRevision? Find(string connection) => _connections.TryGetValue(connection, out var known) ? known.Schema : null;

    private static (ConnectionConfig Config, SchemaRevision Schema)? Read(IConfigurationSection section, List<string> failures)
    {
        var found = new List<string>();
        if (!ConnectionName().IsMatch(section.Key))
        {
            found.Add("the name of a connection is 1 to 40 lower-case letters, digits and hyphens, starting with a letter.");
        }

        var options = new ConnectionOptions();
        var tenantOptions = new CoupaTenantOptions();
        CoupaTenant? tenant = null;
        try
        {
            section.Bind(options);
            section.Bind(tenantOptions);
            found.AddRange(options.Validate(new ValidationContext(options)).Select(static result => result.ErrorMessage!));
            tenant = CoupaTenant.Create(tenantOptions);
        }
        catch (OptionsValidationException error)
        {
            found.AddRange(error.Failures);
        }
        catch (InvalidOperationException error)
        {
            found.Add(error.Message); // a value that cannot be bound; the message names key and type, not the value
        }

        failures.AddRange(found.Select(message => $"{section.Path}: {message}"));
        return found.Count == 0 ? (new ConnectionConfig(section.Key, tenant!), options.BuildSchema()) : null;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConnectionName();
}
