namespace CoupaGateway.Tests.Kubernetes;

public sealed class PrometheusRuleSpec
{
    public IList<PrometheusRuleGroup> Groups { get; set; } = [];
}
