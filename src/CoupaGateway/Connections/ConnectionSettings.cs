using System.Text.Json.Serialization;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Sync.Schedules;

namespace CoupaGateway.Connections;

/// <summary>What a connection is, as it is written and shown. The secret is apart: nothing that holds this one can show it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal record ConnectionSettings
{
    /// <summary>Base address of the Coupa instance.</summary>
    /// <example>https://acme.coupahost.com</example>
    public string Instance { get; init; } = "";

    /// <summary>Identifier of the OAuth client in Coupa.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Scopes to ask for; empty for all that the client has.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <inheritdoc cref="ConnectionOptions.ApiVersion"/>
    public string ApiVersion { get; init; } = "latest";

    /// <inheritdoc cref="ConnectionOptions.Tables"/>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <inheritdoc cref="ConnectionOptions.Process"/>
    public string Process { get; init; } = "";

    /// <inheritdoc cref="ConnectionOptions.Schedule"/>
    public SyncScheduleOptions Schedule { get; init; } = new();

    /// <inheritdoc cref="ConnectionOptions.CustomMetadata"/>
    public bool CustomMetadata { get; init; } = true;

    /// <inheritdoc cref="ConnectionOptions.ObservedColumns"/>
    public ObservedColumnOptions ObservedColumns { get; init; } = new();

    /// <inheritdoc cref="ConnectionOptions.Pseudonymization"/>
    public PseudonymOptions Pseudonymization { get; init; } = new();

    /// <inheritdoc cref="CoupaTenantOptions.RequestsPerSecond"/>
    public double RequestsPerSecond { get; init; } = 25;

    /// <inheritdoc cref="CoupaTenantOptions.Burst"/>
    public int Burst { get; init; } = 20;

    /// <inheritdoc cref="CoupaTenantOptions.MaxConcurrency"/>
    public int MaxConcurrency { get; init; } = 32;

    /// <summary>What tells tenants apart: scheme, host and port of an instance's address.</summary>
    internal static string HostOf(string instance) => Uri.TryCreate(instance, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : instance;
}
