using YamlDotNet.Serialization;

namespace CoupaGateway.Tests.Kubernetes;

public sealed class PrometheusAlert
{
    public string Alert { get; set; } = "";

    public string Expr { get; set; } = "";

    [YamlMember(Alias = "for")]
    public string? Duration { get; set; }

    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    public IDictionary<string, string> Annotations { get; set; } = new Dictionary<string, string>();
}
