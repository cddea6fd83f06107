using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.Access;

/// <summary>Who may call. Everything but the health checks is closed by default. Bound from the section <c>Access</c>.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>Lets anonymous callers on the loopback address do everything. Only the demo switches it on. The default is false.</summary>
    public bool AnonymousOnLoopback { get; set; }

    /// <summary>
    /// Name of the query parameter that may carry a key, for Power BI's "Web API key". Only keys that allow it are accepted there, and it is taken
    /// out of the request before anything can log it. The default is <c>key</c>.
    /// </summary>
    [Required]
    [RegularExpression("^[A-Za-z][A-Za-z0-9_-]{0,63}$", ErrorMessage = "Access:QueryParameter must be a letter, then letters, digits, - and _.")]
    public string QueryParameter { get; set; } = "key";

    /// <summary>Failed logins that a source may have before it is slowed. The default is 5; each further one waits twice as long, up to 4 seconds.</summary>
    [Range(0, 1_000, ErrorMessage = "Access:FailuresBeforeSlowing must be between 0 and 1000.")]
    public int FailuresBeforeSlowing { get; set; } = 5;

    /// <summary>Failed logins of one source that may wait at the same time; more are answered with 429. The default is 8.</summary>
    [Range(1, 1_000, ErrorMessage = "Access:FailuresAtOnce must be between 1 and 1000.")]
    public int FailuresAtOnce { get; set; } = 8;
}
