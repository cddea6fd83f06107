using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using CoupaGateway.Coupa.Tenants;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Connections;

/// <summary>The connections of the configuration, checked once when the gateway starts.</summary>
internal sealed partial class ConfiguredConnections : IConnectionDefinitions
{
    private readonly FrozenDictionary<string, ConnectionDefinition> _connections;

    /// <exception cref="OptionsValidationException">Something is wrong; <c>Failures</c> has all of it at once, each naming the key.</exception>
    public ConfiguredConnections(IConfiguration configuration)
    {
        var failures = new List<string>();
        _connections = configuration.GetSection(ConnectionOptions.Section).GetChildren()
            .Select(section => Read(section, failures))
            .OfType<ConnectionDefinition>()
            .ToFrozenDictionary(static definition => definition.Name, StringComparer.Ordinal);
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(ConnectionOptions.Section, typeof(ConnectionOptions), failures);
        }
    }

    public IReadOnlyCollection<ConnectionDefinition> All => _connections.Values;

    public ConnectionDefinition? Find(string name) => _connections.GetValueOrDefault(name);

    /// <summary>Never raised: the configuration is read once.</summary>
    public event Action<string>? Changed
    {
        add { }
        remove { }
    }

    private static ConnectionDefinition? Read(IConfigurationSection section, List<string> failures)
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
        return found.Count == 0 ? new ConnectionDefinition(section.Key, options, tenant!) : null;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConnectionName();
}
