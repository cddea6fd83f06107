using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Coupa.Tenants;

/// <summary>One Coupa instance and the rules for talking to it: the checked, immutable form of <see cref="CoupaTenantOptions"/>. Equal tenants share one client.</summary>
public sealed record CoupaTenant
{
    private CoupaTenant(CoupaTenantOptions options)
    {
        Instance = new Uri(options.Instance!.GetLeftPart(UriPartial.Authority) + "/");
        ClientId = options.ClientId;
        ClientSecret = options.ClientSecret;
        Scope = string.Join(' ', options.Scopes.Distinct(StringComparer.Ordinal));
        RequestsPerSecond = options.RequestsPerSecond;
        Burst = options.Burst;
        PageSize = options.PageSize;
        MaxConcurrency = options.MaxConcurrency;
        MaxBodyBytes = options.MaxBodyBytes;
        AttemptTimeout = options.AttemptTimeout;
        TotalTimeout = options.TotalTimeout;
        TokenTimeout = options.TokenTimeout;
        MaxRetries = options.MaxRetries;
        RetryDelay = options.RetryDelay;
        MaxRetryDelay = options.MaxRetryDelay;
        MaxRetryAfter = options.MaxRetryAfter;
        NewTokenGrace = options.NewTokenGrace;
        NewTokenPause = options.NewTokenPause;
        MaxUrlLength = options.MaxUrlLength;
    }

    /// <summary>Base address, ending in a slash.</summary>
    public Uri Instance { get; }

    /// <summary>Host and port: what the request budget is counted by, and what logs and metrics name.</summary>
    public string Host => Instance.Authority;

    public string ClientId { get; }

    /// <summary>Scopes separated by blanks, as the token request sends them; empty for all that the client has.</summary>
    public string Scope { get; private init; }

    public double RequestsPerSecond { get; }

    public int Burst { get; }

    public int PageSize { get; }

    public int MaxConcurrency { get; }

    public int MaxBodyBytes { get; }

    public TimeSpan AttemptTimeout { get; private init; }

    public TimeSpan TotalTimeout { get; private init; }

    public TimeSpan TokenTimeout { get; private init; }

    public int MaxRetries { get; private init; }

    public TimeSpan RetryDelay { get; }

    public TimeSpan MaxRetryDelay { get; }

    public TimeSpan MaxRetryAfter { get; private init; }

    public TimeSpan NewTokenGrace { get; private init; }

    public TimeSpan NewTokenPause { get; private init; }

    public int MaxUrlLength { get; }

    internal string ClientSecret { get; }

    /// <summary>Checks the options and copies them.</summary>
    /// <exception cref="OptionsValidationException">Something is wrong; <c>Failures</c> has all of it at once, in words for an operator.</exception>
    public static CoupaTenant Create(CoupaTenantOptions options)
    {
        var results = Check(options);
        if (results.Count > 0)
            throw new OptionsValidationException(nameof(CoupaTenantOptions), typeof(CoupaTenantOptions), results.Select(static r => r.ErrorMessage!).Distinct());

        return new CoupaTenant(options);
    }

    /// <summary>Everything that is wrong with the options, each fault with the members it concerns.</summary>
    public static IReadOnlyList<ValidationResult> Check(CoupaTenantOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var context = new ValidationContext(options);
        var results = new List<ValidationResult>();

        // The validator skips the checks across properties when a single property is wrong: ask for them, so that all is said at once.
        if (!Validator.TryValidateObject(options, context, results, validateAllProperties: true))
            results.AddRange(options.Validate(context));
        return results;
    }

    /// <summary>The same tenant for a connection test: one scope alone, no retries, and patience for a minute in all.</summary>
    internal CoupaTenant ForTest(string scope) => this with
    {
        Scope = scope,
        MaxRetries = 0,
        TokenTimeout = Shorter(TokenTimeout, TimeSpan.FromSeconds(10)),
        AttemptTimeout = Shorter(AttemptTimeout, TimeSpan.FromSeconds(10)),
        TotalTimeout = Shorter(TotalTimeout, TimeSpan.FromSeconds(15)),
        MaxRetryAfter = TimeSpan.FromSeconds(1),
        NewTokenGrace = Shorter(NewTokenGrace, TimeSpan.FromSeconds(5)),
        NewTokenPause = Shorter(NewTokenPause, TimeSpan.FromSeconds(1)),
    };

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Names the host and the client, never the secret.</summary>
    public override string ToString() => $"{Host} as {ClientId}";

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(ToString());
        return true;
    }
}
