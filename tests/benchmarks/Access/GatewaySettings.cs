using CoupaGateway.Benchmarks.Loads;
using CoupaGateway.Sandbox;

namespace CoupaGateway.Benchmarks.Access;

/// <summary>Settings of a gateway process that reads a sandbox: as environment variables.</summary>
internal sealed class GatewaySettings : Dictionary<string, string>
{
    public GatewaySettings(LocalRedis redis, string folder)
        : base(StringComparer.Ordinal)
    {
        this["urls"] = "http://127.0.0.1:0";
        this["Cache__Folder"] = folder;
        this["Cache__Redis"] = redis.ConnectionString;
        this["Access__AnonymousOnLoopback"] = "true";
        this["Outbound__AllowLoopback"] = "true";
        this["Logging__LogLevel__Default"] = "Warning";
        this["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information"; // says where it listens
    }

    /// <summary>Adds a connection that may ask as much as it likes.</summary>
    /// <param name="keyVariable">Name of the environment variable with its key for pseudonyms.</param>
    /// <returns>What the names of its other settings begin with.</returns>
    public string AddConnection(string name, SandboxServer tenant, string keyVariable, byte[] key)
    {
        var section = $"Connections__{name}__";
        this[section + "Instance"] = tenant.BaseAddress.GetLeftPart(UriPartial.Authority);
        this[section + "ClientId"] = tenant.ClientId;
        this[section + "ClientSecret"] = tenant.ClientSecret;
        this[section + "RequestsPerSecond"] = "1000";
        this[section + "Burst"] = "1000";
        this[section + "Pseudonymization__Keys__0__Version"] = "1";
        this[section + "Pseudonymization__Keys__0__Environment"] = keyVariable;
        this[keyVariable] = Convert.ToBase64String(key);
        return section;
    }
}
