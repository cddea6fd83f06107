namespace CoupaGateway.Tests.Kubernetes;

public sealed class PrometheusRuleGroup
{
    public string Name { get; set; } = "";

    public IList<PrometheusAlert> Rules { get; set; } = [];
}
