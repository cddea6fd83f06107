using k8s.Models;
using YamlDotNet.Serialization;

namespace CoupaGateway.Tests.Kubernetes;

/// <summary>A ServiceMonitor of the Prometheus operator, as far as it is used here.</summary>
public sealed class ServiceMonitor
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public ServiceMonitorSpec Spec { get; set; } = new();
}

public sealed class ServiceMonitorSpec
{
    public V1LabelSelector Selector { get; set; } = new();

    public IList<ServiceMonitorEndpoint> Endpoints { get; set; } = [];
}

public sealed class ServiceMonitorEndpoint
{
    public string Port { get; set; } = "";

    public string Path { get; set; } = "";

    public string Interval { get; set; } = "";
}

/// <summary>A PrometheusRule of the Prometheus operator.</summary>
public sealed class PrometheusRule
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public PrometheusRuleSpec Spec { get; set; } = new();
}

public sealed class PrometheusRuleSpec
{
    public IList<PrometheusRuleGroup> Groups { get; set; } = [];
}

public sealed class PrometheusRuleGroup
{
    public string Name { get; set; } = "";

    public IList<PrometheusAlert> Rules { get; set; } = [];
}

public sealed class PrometheusAlert
{
    public string Alert { get; set; } = "";

    public string Expr { get; set; } = "";

    [YamlMember(Alias = "for")]
    public string? Duration { get; set; }

    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    public IDictionary<string, string> Annotations { get; set; } = new Dictionary<string, string>();
}
