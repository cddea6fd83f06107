using System.Text.Json;
using System.Text.Json.Nodes;
using CoupaGateway.Telemetry;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Tests.Kubernetes;

public sealed class DashboardTests
{
    private static readonly string Dashboard = File.ReadAllText(Path.Combine(Repository.Root, "k8s", "components", "monitoring", "coupa-gateway.json"));

    [Fact]
    public void The_dashboard_shows_every_metric_and_none_that_does_not_exist()
    {
        var expressions = Strings(JsonNode.Parse(Dashboard)!, "expr").Concat(Strings(JsonNode.Parse(Dashboard)!["templating"]!, "query").Where(static text => text != "prometheus")).ToArray();
        Assert.True(expressions.Length > 20);
        Assert.Empty(expressions.SelectMany(PromQuery.FindUnknown));
        Assert.Empty(Instruments.All.Where(instrument => !PrometheusNames.SeriesOf(instrument).Any(name => expressions.Any(text => text.Contains(name, StringComparison.Ordinal)))));
    }

    [Theory]
    [InlineData("single")]
    [InlineData("production")]
    public async Task Alerts_use_metrics_that_exist_and_the_runbook_says_what_to_do(string overlay)
    {
        var manifests = await Manifests.RenderAsync(overlay);
        var rules = manifests.Of<PrometheusRule>().SelectMany(static rule => rule.Spec.Groups).SelectMany(static group => group.Rules).ToArray();
        Assert.True(rules.Length >= 10);
        Assert.Empty(rules.SelectMany(static rule => PromQuery.FindUnknown(rule.Expr)));
        var runbook = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "runbook.md"), TestContext.Current.CancellationToken);
        Assert.All(rules, rule =>
        {
            Assert.Contains($"### {rule.Alert}", runbook);
            Assert.Equal($"docs/runbook.md#{rule.Alert.ToLowerInvariant()}", rule.Annotations["runbook"]);
            Assert.NotEmpty(rule.Annotations["summary"]);
            Assert.Contains(rule.Labels["severity"], new[] { "critical", "warning" });
        });
    }

    [Theory]
    [InlineData("sum(rate(gateway_feed_row_total[5m]))", "gateway_feed_row_total")]
    [InlineData("gateway_table_age_seconds{gateway_tabel=\"x\"} > 1", "gateway_tabel")]
    [InlineData("gateway_table_age_seconds{coupa_host=\"x\"} > 1", "gateway_table_age_seconds{coupa_host}")]
    [InlineData("smu(coupa_requests_total)", "smu")]
    public void A_name_that_nothing_tells_is_found(string expression, string name) => Assert.Contains(name, PromQuery.FindUnknown(expression));

    private static IEnumerable<string> Strings(JsonNode node, string key) => node switch
    {
        JsonObject some => some.SelectMany(one => one.Key == key && one.Value?.GetValueKind() == JsonValueKind.String ? [one.Value.GetValue<string>()] : one.Value is null ? [] : Strings(one.Value, key)),
        JsonArray some => some.SelectMany(one => Strings(one!, key)),
        _ => [],
    };
}
