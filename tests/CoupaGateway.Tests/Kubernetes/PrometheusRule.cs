using k8s.Models;

namespace CoupaGateway.Tests.Kubernetes;

/// <summary>A PrometheusRule of the Prometheus operator.</summary>
public sealed class PrometheusRule
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public PrometheusRuleSpec Spec { get; set; } = new();
}
