using k8s.Models;

namespace CoupaGateway.Tests.Kubernetes;

/// <summary>A ServiceMonitor of the Prometheus operator, as far as it is used here.</summary>
public sealed class ServiceMonitor
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public ServiceMonitorSpec Spec { get; set; } = new();
}
