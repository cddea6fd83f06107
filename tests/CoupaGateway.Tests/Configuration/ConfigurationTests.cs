using CoupaGateway.Configuration;
using CoupaGateway.Tests.Documents;
using CoupaGateway.Tests.Kubernetes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Tests.Configuration;

public sealed class ConfigurationTests
{
    [Fact]
    public void The_document_lists_every_setting() => GeneratedPart.AssertUpToDate("docs/configuration.md", "settings", ConfigurationTable.Make());

    [Theory]
    [InlineData("Sync:Readers", "many", "a whole number")]
    [InlineData("Sync:Readers", "0", "'0' is not allowed: give 1 to ")]
    [InlineData("Cache:PollInterval", "00:02:00", "'00:02:00' is not allowed: give 00:00:00.05 to 00:01:00.")]
    [InlineData("Sync:Role", "Writer", "one of Both, Reader, Worker")]
    [InlineData("Staleness:Threshold", "one day", "1.00:00:00 (a day)")]
    [InlineData("Staleness:Threshold", "00:00:01", "give 00:01:00 to 365.00:00:00")]
    [InlineData("Staleness:Treshold", "1.00:00:00", "there is no such setting; Staleness has Threshold.")]
    [InlineData("Access:Oidc:Autority", "https://login.example.com", "there is no such setting")]
    [InlineData("Outbound:Proxy", "ftp://proxy.example.com", "must be an http or https address")]
    [InlineData("Cache:Folder", "", "it is empty")]
    [InlineData("Shutdown:Delay", "00:00:45", "leaves nothing of Shutdown:GracePeriod")]
    [InlineData("Management:Address", "everywhere", "is no IP address")]
    [InlineData("Connections:acme:PageSize", "all", "a whole number")]
    [InlineData("Connections:acme:Schedule:Tables:invoices:Deltas", "* * * * *", "there is no such setting")]
    [InlineData("Outbound:AllowLoopback", "maybe", "true or false")]
    public void A_wrong_value_is_told_with_its_key_and_what_is_allowed(string key, string value, string expected)
    {
        var fault = Assert.Single(Find((key, value)));
        Assert.StartsWith(key.Split(':')[0], fault, StringComparison.Ordinal);
        Assert.Contains(key.Split(':')[1], fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_come_at_once() => Assert.Equal(
        4, Find(("Sync:Readers", "many"), ("Query:Thread", "1"), ("Connections:acme:PageSiz", "1"), ("Shutdown:GracePeriod", "never")).Count);

    [Fact]
    public void What_is_right_is_not_told() => Assert.Empty(Find(
        ("Sync:Role", "worker"), ("Cache:Redis", "redis:6379"), ("Access:Oidc:RoleClaim", "roles"), ("Connections:acme:Schedule:Tables:invoices:Delta", "* * * * *"),
        ("Connections:acme:Tables:0", "invoices"), ("Connections:acme:Pseudonymization:Keys:0:Version", "1"), ("Query:Threads", "2"), ("SYNC", "a variable of something else")));

    [Fact]
    public async Task Overlays_for_Kubernetes_set_what_exists()
    {
        foreach (var overlay in ManifestTests.Overlays)
        {
            var settings = (await Manifests.RenderAsync(overlay.Data)).Settings;
            // What files hold is a matter of the cluster.
            Assert.Empty(Find([.. settings.Where(static setting => !setting.Key.EndsWith("File", StringComparison.Ordinal)).Select(static setting => (setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value))]));
        }
    }

    [Fact]
    public async Task Every_section_of_options_is_in_the_list()
    {
        await using var host = await Hosting.GatewayHost.StartAsync();
        var listed = ConfigurationSections.All.SelectMany(static section => section.Options).ToHashSet();
        var used = typeof(ConfigurationSections).Assembly.GetReferencedAssemblies().Where(static name => name.Name!.StartsWith("CoupaGateway.", StringComparison.Ordinal) && name.Name != "CoupaGateway.Sandbox")
            .Select(System.Reflection.Assembly.Load).Append(typeof(ConfigurationSections).Assembly).SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type.Name.EndsWith("Options", StringComparison.Ordinal) && (type.GetField("Section") ?? type.GetField("SectionName")) is not null)
            .Where(type => host.Services.GetServices(typeof(IConfigureOptions<>).MakeGenericType(type)).Any());
        Assert.Empty(used.Except(listed));
    }

    private static IReadOnlyList<string> Find(params (string Key, string Value)[] settings) => ConfigurationFaults.Find(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
}
