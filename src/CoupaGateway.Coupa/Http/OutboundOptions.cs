using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.Coupa.Http;

/// <summary>Where the gateway may send requests. Bound from the section <c>Outbound</c>.</summary>
public sealed class OutboundOptions : IValidatableObject
{
    public const string Section = "Outbound";

    /// <summary>Hosts of Coupa's instances: always allowed.</summary>
    public static IReadOnlyList<string> CoupaHosts { get; } = ["*.coupahost.com", "*.coupacloud.com"];

    /// <summary>Further hosts, each a name (<c>coupa.example.com</c>) or all names below one (<c>*.example.com</c>). The default is none.</summary>
    public IList<string> AllowedHosts { get; set; } = [];

    /// <summary>Lets plain http and the loopback address through: for the demo and for tests against the sandbox. The default is false.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>A proxy that all requests go through, <c>http://proxy.example.com:3128</c>. It then resolves the names. The default is none.</summary>
    public Uri? Proxy { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var host in AllowedHosts.Where(static host => Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) != UriHostNameType.Dns))
            yield return new ValidationResult($"{Section}:AllowedHosts: '{host}' is no host name. Give names such as coupa.example.com or *.example.com.", [nameof(AllowedHosts)]);
        if (Proxy is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" }))
            yield return new ValidationResult($"{Section}:Proxy must be an http or https address.", [nameof(Proxy)]);
    }
}
