using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Rest;
using CoupaGateway.Sync.Schedules;
using Mapster;

namespace CoupaGateway.Connections;

/// <summary>Maps between the configured, the stored and the shown form of a connection. Members of one name are one; the secret is never mapped.</summary>
internal static class ConnectionMapping
{
    private static readonly TypeAdapterConfig Config = Create();

    public static ConnectionSettings ToSettings(ConnectionOptions options, CoupaTenantOptions tenant) => options.Adapt<ConnectionSettings>(Config) with
    {
        Instance = tenant.Instance?.OriginalString ?? "",
        ClientId = tenant.ClientId,
        Scopes = [.. tenant.Scopes],
        RequestsPerSecond = tenant.RequestsPerSecond,
        Burst = tenant.Burst,
        MaxConcurrency = tenant.MaxConcurrency,
    };

    public static ConnectionSettings ToSettings(ConnectionInput input) => input.Adapt<ConnectionSettings>(Config);

    public static ConnectionInput ToInput(ConnectionSettings settings, string name) => settings.Adapt<ConnectionInput>(Config) with { Name = name };

    public static ConnectionOptions ToOptions(ConnectionSettings settings) => settings.Adapt<ConnectionOptions>(Config);

    public static CoupaTenantOptions ToTenantOptions(ConnectionSettings settings, string secret)
    {
        var options = settings.Adapt<CoupaTenantOptions>(Config);
        options.ClientSecret = secret;
        return options;
    }

    public static ConnectionResource ToResource(ConnectionEntry entry) => entry.Settings.Adapt<ConnectionResource>(Config) with
    {
        Name = entry.Name,
        Feed = Endpoints.Feed(entry.Name),
        Origin = entry.Origin,
        IsPaused = entry.IsPaused,
        Problem = entry.Problem,
    };

    private static TypeAdapterConfig Create()
    {
        var config = new TypeAdapterConfig();
        config.NewConfig<string, Uri?>().MapWith(static text => ToUri(text));
        config.NewConfig<PseudonymOptions, PseudonymOptions>().MapWith(static options => options);
        config.NewConfig<ObservedColumnOptions, ObservedColumnOptions>().MapWith(static options => options);
        config.NewConfig<SyncScheduleOptions, SyncScheduleOptions>().MapWith(static options => options);
        config.NewConfig<ConnectionInput, ConnectionSettings>();
        config.NewConfig<ConnectionSettings, ConnectionInput>().Ignore(static input => input.ClientSecret!, static input => input.Name!);
        config.NewConfig<ConnectionSettings, ConnectionOptions>();
        config.NewConfig<ConnectionOptions, ConnectionSettings>();
        config.NewConfig<ConnectionSettings, CoupaTenantOptions>().Ignore(static tenant => tenant.ClientSecret);
        return config;
    }

    /// <summary>What is no address stays one that the checks refuse.</summary>
    private static Uri? ToUri(string text) => text.Length == 0 ? null : Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : new Uri("urn:invalid");
}
