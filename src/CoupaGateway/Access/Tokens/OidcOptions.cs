using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.Access.Tokens;

/// <summary>The OpenID Connect provider whose tokens are accepted besides keys. Bound from the section <c>Access:Oidc</c>.</summary>
internal sealed class OidcOptions : IValidatableObject
{
    public const string Section = "Access:Oidc";

    /// <summary>Address of the issuer, <c>https://login.microsoftonline.com/{tenant}/v2.0</c> for Entra ID. Empty, the default, accepts no tokens.</summary>
    public string Authority { get; set; } = "";

    /// <summary>The audience that tokens must be made for.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The claim that holds roles. The default is <c>roles</c>.</summary>
    [Required]
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The claim that names the caller in the audit log. The default is <c>sub</c>.</summary>
    [Required]
    public string NameClaim { get; set; } = "sub";

    /// <summary>What Power Query is told to send its users to; the default is made of <see cref="Authority"/>, as Entra ID has it.</summary>
    public string AuthorizationUri { get; set; } = "";

    /// <summary>What values of the role claim mean. Empty, the default: <c>reader</c>, <c>operator</c> and <c>admin</c> mean themselves.</summary>
    public IList<OidcRoleOptions> Roles { get; set; } = [];

    public bool IsEnabled => Authority.Length > 0;

    /// <summary>The address in <c>WWW-Authenticate</c>.</summary>
    public string EffectiveAuthorizationUri =>
        AuthorizationUri.Length > 0 ? AuthorizationUri : Authority.TrimEnd('/').Replace("/v2.0", "", StringComparison.Ordinal) + "/oauth2/authorize";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsEnabled)
            yield break;
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var authority) || !(authority.Scheme == Uri.UriSchemeHttps || authority is { Scheme: "http", IsLoopback: true }))
            yield return new ValidationResult($"{Section}:Authority must be an https address.", [nameof(Authority)]);
        if (Audience.Length == 0)
            yield return new ValidationResult($"{Section}:Audience is missing: tokens made for others would be accepted.", [nameof(Audience)]);
        if (AuthorizationUri.Length > 0 && !Uri.IsWellFormedUriString(AuthorizationUri, UriKind.Absolute))
            yield return new ValidationResult($"{Section}:AuthorizationUri is no address.", [nameof(AuthorizationUri)]);
        foreach (var role in Roles)
        {
            if (role.Value.Length == 0)
                yield return new ValidationResult($"{Section}:Roles has an entry without Value.", [nameof(Roles)]);
            if (role.Connections.Count > 0 && role.Role != GatewayRole.Reader)
                yield return new ValidationResult($"{Section}:Roles: '{role.Value}' has Connections, which only narrow readers.", [nameof(Roles)]);
        }
    }
}
