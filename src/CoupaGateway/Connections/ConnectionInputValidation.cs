using System.Text.Json;
using CoupaGateway.Metadata;
using CoupaGateway.Metadata.Stored;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Sync;

namespace CoupaGateway.Connections;

/// <summary>Checks what a caller of the REST API wants a connection to be.</summary>
internal sealed class ConnectionInputValidation(ConnectionCheck check, MetadataDirectory metadata)
{
    /// <summary>Stands in for a secret that is not entered, because the stored one stays.</summary>
    private const string SecretThatStays = "stays";

    /// <summary>Everything that is wrong, by field in JSON's spelling.</summary>
    /// <param name="current">The connection to be replaced; null for a new one.</param>
    public IReadOnlyDictionary<string, string[]> Validate(ConnectionInput input, ConnectionEntry? current)
    {
        var faults = new List<(string Member, string Message)>();
        var name = current?.Name ?? input.Name;
        if (current is not null && input.Name is { } given && given != current.Name)
            faults.Add((nameof(input.Name), $"The name cannot be changed: leave it out, or give {current.Name}."));
        if (name is null)
            faults.Add((nameof(input.Name), "Name is missing."));
        foreach (var (member, isNull) in Nulls(input).Where(static member => member.IsNull))
            faults.Add((member, $"{member} must not be null: leave it out for its default."));
        if (faults.Exists(static fault => fault.Message.Contains("must not be null", StringComparison.Ordinal)))
            return ByField(faults);

        var options = ConnectionMapping.ToOptions(input);
        var tenant = ConnectionMapping.ToTenantOptions(input, input.ClientSecret ?? (current is null ? "" : SecretThatStays));
        faults.AddRange(check.FindFaults(name ?? "unnamed", options, tenant));

        if (faults.Count == 0)
            faults.AddRange(UnknownTables(name!, options).Select(static table => (nameof(input.Schedule), $"Schedule:Tables:{table} is no API table, neither of the catalogue nor of the connection's custom metadata.")));

        // Otherwise whoever may change connections, but does not know the secret, could have it sent to a host of his own.
        if (current is not null && input.ClientSecret is null && ConnectionSettings.HostOf(input.Instance) != ConnectionSettings.HostOf(current.Settings.Instance))
            faults.Add((nameof(input.ClientSecret), "ClientSecret has to be entered again when the host changes."));
        return ByField(faults);
    }

    /// <summary>
    /// Tables that the schedule names and that are nowhere. Only here: when the configuration and stored connections are read, the custom metadata may not have been.
    /// </summary>
    private IEnumerable<string> UnknownTables(string name, ConnectionOptions options) => options.BuildSchedule().Tables
        .Except(BuiltInCatalogue.ApiTables)
        .Except(ConnectionSchema.Build(options, metadata.Find(name).Document, ObservedKeys.None).Custom.Schema.ApiTables());

    private static IEnumerable<(string Member, bool IsNull)> Nulls(ConnectionInput input) =>
    [
        (nameof(input.Instance), input.Instance is null),
        (nameof(input.ClientId), input.ClientId is null),
        (nameof(input.Scopes), input.Scopes is null || input.Scopes.Any(static scope => scope is null)),
        (nameof(input.ApiVersion), input.ApiVersion is null),
        (nameof(input.Tables), input.Tables is null || input.Tables.Any(static table => table is null)),
        (nameof(input.Process), input.Process is null),
        (nameof(input.Schedule), input.Schedule?.Blackouts is null || input.Schedule.Blackouts.Any(static time => time is null) || input.Schedule.TimeZone is null
            || input.Schedule.Tables is null || input.Schedule.Tables.Values.Any(static table => table is null)),
        (nameof(input.ObservedColumns), input.ObservedColumns?.CustomFields is null || input.ObservedColumns.Others is null),
        (nameof(input.Pseudonymization), input.Pseudonymization?.Rules is null || input.Pseudonymization.Keys is null || input.Pseudonymization.Salt is null),
    ];

    private static Dictionary<string, string[]> ByField(List<(string Member, string Message)> faults) => faults
        .GroupBy(static fault => JsonNamingPolicy.CamelCase.ConvertName(fault.Member))
        .ToDictionary(static group => group.Key, static group => group.Select(static fault => fault.Message).Distinct().ToArray());
}
