using System.ComponentModel.DataAnnotations;
using System.Net;

namespace CoupaGateway.Monitoring;

/// <summary>The port for operators' tools: metrics for Prometheus, health in detail. It asks nobody for a key, so keep it off the network that readers use.</summary>
internal sealed class ManagementOptions : IValidatableObject
{
    public const string Section = "Management";

    /// <summary>Port of <c>/metrics</c>; 0 lets the operating system choose. Without one, the default, there is no such port.</summary>
    [Range(0, 65_535)]
    public int? Port { get; set; }

    /// <summary>Address that the port is opened on; <c>0.0.0.0</c> for all. The default is <c>127.0.0.1</c>.</summary>
    [Required]
    public string Address { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>Most combinations of attributes that a metric tells apart; what goes beyond is added up. The default is 10,000.</summary>
    [Range(100, 1_000_000)]
    public int SeriesPerMetric { get; set; } = 10_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out _))
            yield return new ValidationResult($"{Section}:{nameof(Address)}: '{Address}' is no IP address; give one such as 127.0.0.1 or 0.0.0.0.", [nameof(Address)]);
    }
}
