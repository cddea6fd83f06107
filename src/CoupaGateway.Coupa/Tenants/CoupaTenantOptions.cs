using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.Coupa.Tenants;

/// <summary>How to reach one Coupa instance, as a person writes it down. <see cref="CoupaTenant.Create"/> checks it and makes the immutable form.</summary>
public sealed class CoupaTenantOptions : IValidatableObject
{
    /// <summary>Base address of the instance, such as <c>https://acme.coupahost.com</c>: https, without path. Plain http is accepted on loopback only (the sandbox).</summary>
    [Required(ErrorMessage = "Instance is missing: give the base address of the Coupa instance, such as https://acme.coupahost.com.")]
    public Uri? Instance { get; set; }

    /// <summary>Client id of the OAuth client in Coupa (Setup, OAuth2/OpenID Connect Clients).</summary>
    [Required(ErrorMessage = "ClientId is missing: give the identifier of the OAuth client in Coupa.")]
    [StringLength(512, ErrorMessage = "ClientId is longer than 512 characters.")]
    public string ClientId { get; set; } = "";

    /// <summary>Secret of the OAuth client. Never logged and in no error message.</summary>
    [Required(ErrorMessage = "ClientSecret is missing: give the secret of the OAuth client in Coupa.")]
    [StringLength(4096, ErrorMessage = "ClientSecret is longer than 4096 characters.")]
    public string ClientSecret { get; set; } = "";

    /// <summary>Scopes to ask for, such as <c>core.invoice.read</c>. Empty asks for none, and Coupa then grants all that the client has.</summary>
    public IList<string> Scopes { get; set; } = [];

    /// <summary>Requests a second that all readers of this host share. The default is 25, Coupa's published limit.</summary>
    [Range(0.1, 1000, ErrorMessage = "RequestsPerSecond must be between 0.1 and 1000.")]
    public double RequestsPerSecond { get; set; } = 25;

    /// <summary>Requests that may be sent at once after a pause. The default is 20, Coupa's published limit; a tenth of it is kept back for uneven arrival.</summary>
    [Range(1, 1000, ErrorMessage = "Burst must be between 1 and 1000.")]
    public int Burst { get; set; } = 20;

    /// <summary>Records in a page. The default is 50, the most that Coupa gives.</summary>
    [Range(1, 50, ErrorMessage = "PageSize must be between 1 and 50, the most that Coupa gives.")]
    public int PageSize { get; set; } = 50;

    /// <summary>Requests on the wire at the same time to this host. The default is 32: at pages of a second that fills 25 requests a second.</summary>
    [Range(1, 256, ErrorMessage = "MaxConcurrency must be between 1 and 256.")]
    public int MaxConcurrency { get; set; } = 32;

    /// <summary>Bytes of one answer, decompressed. A larger one is an error. The default is 64 MiB.</summary>
    [Range(1024, 1024 * 1024 * 1024, ErrorMessage = "MaxBodyBytes must be between 1 KiB and 1 GiB.")]
    public int MaxBodyBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Time for one attempt, from sending to the last byte; waiting for the request budget is not in it. The default is 100 s: pages of tens of seconds occur.</summary>
    [TimeSpanRange("00:00:01", "01:00:00", ErrorMessage = "AttemptTimeout must be between 1 second and 1 hour.")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Time for one answer with all its retries, and with waiting for the budget and for a tenant that is down. The default is 10 minutes.</summary>
    [TimeSpanRange("00:00:01", "1.00:00:00", ErrorMessage = "TotalTimeout must be between 1 second and 1 day.")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Time for one token request. The default is 30 s.</summary>
    [TimeSpanRange("00:00:01", "00:10:00", ErrorMessage = "TokenTimeout must be between 1 second and 10 minutes.")]
    public TimeSpan TokenTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts after the first one, for faults that pass. The default is 8, about a minute and a half; 0 fails at once (connection tests).</summary>
    [Range(0, 100, ErrorMessage = "MaxRetries must be between 0 and 100.")]
    public int MaxRetries { get; set; } = 8;

    /// <summary>Wait before the first retry; it doubles with each, with jitter. The default is 500 ms.</summary>
    [TimeSpanRange("00:00:00.001", "00:01:00", ErrorMessage = "RetryDelay must be between 1 millisecond and 1 minute.")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait between two attempts of our own choice. The default is 30 s.</summary>
    [TimeSpanRange("00:00:00.001", "01:00:00", ErrorMessage = "MaxRetryDelay must be between 1 millisecond and 1 hour.")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest <c>Retry-After</c> that is honoured; a longer one is cut to this. The default is 2 minutes.</summary>
    [TimeSpanRange("00:00:01", "01:00:00", ErrorMessage = "MaxRetryAfter must be between 1 second and 1 hour.")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long after minting a 401 means "not active yet". The default is 10 s (the vendor advises to wait at least 5 s before first use).</summary>
    [TimeSpanRange("00:00:00", "00:05:00", ErrorMessage = "NewTokenGrace must be between 0 and 5 minutes.")]
    public TimeSpan NewTokenGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause before a token that is not active yet is tried again. The default is 5 s.</summary>
    [TimeSpanRange("00:00:00.001", "00:01:00", ErrorMessage = "NewTokenPause must be between 1 millisecond and 1 minute.")]
    public TimeSpan NewTokenPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Characters of a request's URL above which the projection is left out. The default is 8000; longer URLs fail at Coupa.</summary>
    [Range(500, 64_000, ErrorMessage = "MaxUrlLength must be between 500 and 64000.")]
    public int MaxUrlLength { get; set; } = 8000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Instance is not null && FindFault(Instance) is { } fault)
            yield return new ValidationResult(fault, [nameof(Instance)]);

        if (ClientId.Any(char.IsControl))
            yield return new ValidationResult("ClientId holds control characters.", [nameof(ClientId)]);

        if (ClientSecret.Any(char.IsControl))
            yield return new ValidationResult("ClientSecret holds control characters, perhaps a line break from copying.", [nameof(ClientSecret)]);

        if (Scopes.Any(static scope => string.IsNullOrEmpty(scope) || scope.Any(static c => c is <= ' ' or > '~' or '"' or '\\')))
            yield return new ValidationResult("Scopes must hold names such as core.invoice.read, without blanks and quotes.", [nameof(Scopes)]);

        if (TotalTimeout < AttemptTimeout)
            yield return new ValidationResult("TotalTimeout must not be shorter than AttemptTimeout.", [nameof(TotalTimeout)]);

        if (MaxRetryDelay < RetryDelay)
            yield return new ValidationResult("MaxRetryDelay must not be shorter than RetryDelay.", [nameof(MaxRetryDelay)]);
    }

    private static string? FindFault(Uri instance)
    {
        if (!instance.IsAbsoluteUri || instance.Host.Length == 0)
            return "Instance must be an absolute address such as https://acme.coupahost.com.";

        if (instance.UserInfo.Length > 0)
            return "Instance must not hold a user name or password.";

        if (instance.AbsolutePath != "/" || instance.Query.Length > 0 || instance.Fragment.Length > 0)
            return "Instance must be the base address alone, without path, query or fragment.";

        if (instance.Scheme == Uri.UriSchemeHttps || (instance.Scheme == Uri.UriSchemeHttp && instance.IsLoopback))
            return null;

        return "Instance must begin with https:// (plain http is accepted on loopback only).";
    }
}
