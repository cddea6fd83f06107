using CoupaGateway.Access.Grants;
using CoupaGateway.Access.Keys;
using CoupaGateway.Access.Limits;
using CoupaGateway.Access.Tokens;
using CoupaGateway.Audit;
using CoupaGateway.OData.Feed;
using CoupaGateway.Snapshots.Documents;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace CoupaGateway.Access;

internal static class AccessServiceCollectionExtensions
{
    /// <summary>How far the provider's clock may be off.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a withdrawn key of the provider may go unnoticed; a new one is looked for when it is met.</summary>
    private static readonly TimeSpan KeysRefresh = TimeSpan.FromHours(1);

    /// <summary>Those with a public key: a secret that both sides know is none of a provider's.</summary>
    private static readonly string[] SignatureAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Keys, tokens, grants, limits and the audit log; options from the section <c>Access</c>.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<OidcOptions>().Bind(configuration.GetSection(OidcOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ApiKeyDirectory>();
        services.AddSingleton<IDocumentSubscriber>(static provider => provider.GetRequiredService<ApiKeyDirectory>());
        services.AddSingleton<KeyStore>();
        services.AddHostedService<FirstKey>();
        services.AddSingleton<Authentication>();
        services.AddSingleton<FailedLogins>();
        services.AddSingleton<CallerLimiter>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<IFeedAccess, GrantedFeeds>();
        return services.AddTokens().TakeKeysOutOfQueries();
    }

    private static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddSingleton<TokenAuthentication>();
        services.AddAuthentication().AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<IOptions<OidcOptions>>(static (bearer, oidc) =>
        {
            bearer.Authority = oidc.Value.Authority;
            bearer.Audience = oidc.Value.Audience;
            bearer.MapInboundClaims = false;
            bearer.RequireHttpsMetadata = oidc.Value.Authority.StartsWith(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);
            bearer.TokenValidationParameters.ValidateAudience = true;
            bearer.TokenValidationParameters.RequireExpirationTime = true;
            bearer.TokenValidationParameters.RequireSignedTokens = true;
            bearer.TokenValidationParameters.ValidAlgorithms = SignatureAlgorithms;
            bearer.TokenValidationParameters.ClockSkew = ClockSkew;
            bearer.BackchannelTimeout = ProviderTimeout;
            bearer.AutomaticRefreshInterval = KeysRefresh;
        }).PostConfigure(static bearer =>
        {
            // Otherwise a key that the provider has withdrawn would be good for another hour.
            if (bearer.ConfigurationManager is BaseConfigurationManager keys)
                keys.UseLastKnownGoodConfiguration = false;
        });
        return services;
    }

    private static IServiceCollection TakeKeysOutOfQueries(this IServiceCollection services)
    {
        var server = services.Last(static service => service.ServiceType == typeof(IServer));
        services.Remove(server);
        services.AddSingleton<IServer>(provider => new QueryKeyServer(
            (IServer)(server.ImplementationInstance ?? server.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, server.ImplementationType!)),
            provider.GetRequiredService<IOptions<AccessOptions>>()));
        return services;
    }
}
