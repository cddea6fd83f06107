using System.Security.Cryptography;
using System.Text.Json;
using CoupaGateway.Access;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Protection;

namespace CoupaGateway.Connections.Stored;

/// <summary>Reads stored connections; one that cannot be used is still shown, with the reason.</summary>
internal sealed class StoredConnectionReader(ConnectionCheck check, SecretProtector protector)
{
    public ConnectionEntry Read(string name, string text)
    {
        StoredConnection? stored;
        try
        {
            stored = JsonSerializer.Deserialize<StoredConnection>(text, AccessDocuments.Json);
        }
        catch (JsonException)
        {
            stored = null;
        }

        if (stored?.Settings is null)
            return new ConnectionEntry(name, ConnectionOrigin.Stored, new ConnectionSettings(), text, null, "What is stored cannot be read; a newer gateway may have written it.");

        string secret;
        try
        {
            secret = protector.Unprotect(name, stored.Secret);
        }
        catch (CryptographicException)
        {
            return Unusable("The secret cannot be decrypted with the key ring that this gateway has. Enter it again, or give the gateway its former certificate or key file.");
        }

        var options = ConnectionMapping.ToOptions(stored.Settings);
        var tenantOptions = ConnectionMapping.ToTenantOptions(stored.Settings, secret);
        var faults = check.FindFaults(name, options, tenantOptions);
        return faults.Count > 0
            ? Unusable(string.Join(" ", faults.Select(static fault => fault.Message)))
            : new ConnectionEntry(
                name, ConnectionOrigin.Stored, stored.Settings, text, new ConnectionDefinition(name, options, CoupaTenant.Create(tenantOptions)), Problem: null);

        ConnectionEntry Unusable(string problem) => new(name, ConnectionOrigin.Stored, stored.Settings, text, null, problem);
    }
}
