using Microsoft.Extensions.Options;

namespace CoupaGateway.Connections;

/// <summary>Lets the faults of configured connections come out together with those of all other options when the gateway starts.</summary>
internal sealed class ConfiguredConnectionsValidation(ConnectionRegistry registry) : IValidateOptions<ConnectionRegistryOptions>
{
    public ValidateOptionsResult Validate(string? name, ConnectionRegistryOptions options) =>
        registry.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(registry.Faults);
}
