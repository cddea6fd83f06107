using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Claims;
using CoupaGateway.Access.Grants;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Access.Tokens;

/// <summary>Accepts tokens of the OpenID Connect provider; ASP.NET's handler checks signature, issuer, audience and times.</summary>
internal sealed class TokenAuthentication(IOptions<OidcOptions> options, IOptionsMonitor<JwtBearerOptions> bearer, ILogger<TokenAuthentication> logger)
{
    private readonly ImmutableArray<(string Value, GatewayRole Role, GrantSet? Grants)> _roles = options.Value.Roles.Count == 0
        ? [.. Enum.GetValues<GatewayRole>().Select(static role => (role.ToString().ToLowerInvariant(), role, (GrantSet?)null))]
        : [.. options.Value.Roles.Select(static role => (role.Value, role.Role, ReadGrants(role.Connections)))];

    /// <summary>Grants of callers with several roles: kept, because what is made of a schema hangs on them.</summary>
    private readonly ConcurrentDictionary<string, GrantSet> _unions = new(StringComparer.Ordinal);

    public bool IsEnabled => options.Value.IsEnabled;

    /// <returns>The caller, or null when the token is not good or has no role here.</returns>
    /// <exception cref="ProviderUnavailableException">The provider's keys are not known.</exception>
    public async Task<Caller?> AuthenticateAsync(HttpContext context)
    {
        await FindKeysAsync(context.RequestAborted);
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (result is { Succeeded: true, Principal: { } principal })
            return ToCaller(principal);

        // The message of the exception quotes parts of the token; its type does not.
        AccessLog.TokenRefused(logger, result.Failure?.GetType().Name ?? "no token");
        return null;
    }

    /// <summary>The handler takes a provider that does not answer for one that has no keys, and every token for a bad one.</summary>
    private async Task FindKeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            await bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException error)
        {
            AccessLog.ProviderUnavailable(logger, options.Value.Authority, error);
            throw new ProviderUnavailableException(error);
        }
    }

    private Caller? ToCaller(ClaimsPrincipal principal)
    {
        var values = principal.FindAll(options.Value.RoleClaim).Select(static claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        var roles = _roles.Where(role => values.Contains(role.Value)).ToArray(); // in the order of the options: one name for each set
        if (roles.Length == 0)
        {
            AccessLog.TokenRefused(logger, "it has no role here");
            return null;
        }

        var name = principal.FindFirst(options.Value.NameClaim)?.Value ?? principal.FindFirst("sub")?.Value ?? "token";
        var highest = roles.Max(static role => role.Role);

        // Several roles add up: one that is not narrowed takes the others with it.
        var narrowed = roles.All(static role => role.Grants is not null) ? roles[0].Grants : null;
        if (roles.Length > 1 && narrowed is not null)
            narrowed = _unions.GetOrAdd(string.Join('\n', roles.Select(static role => role.Value)), static (_, roles) => GrantSet.Union(roles.Select(static role => role.Grants!)), roles);
        return new Caller(name, highest, narrowed);
    }

    private static GrantSet? ReadGrants(IList<string> connections) => connections.Count == 0 ? null : new GrantSet([.. connections.Select(Read)]);

    private static ConnectionGrant Read(string path) => path.Split('/') switch
    {
        [var connection] => new ConnectionGrant(connection),
        [var connection, var table] => new ConnectionGrant(connection, [new TableGrant(table)]),
        [var connection, var table, var column, ..] => new ConnectionGrant(connection, [new TableGrant(table, [column])]),
        _ => throw new InvalidOperationException("Splitting gives at least one part."),
    };
}
