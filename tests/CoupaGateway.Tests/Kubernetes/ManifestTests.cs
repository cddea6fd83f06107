using System.Globalization;
using k8s.Models;

namespace CoupaGateway.Tests.Kubernetes;

/// <summary>What every overlay in <c>k8s/</c> has to be: valid, pod security <i>restricted</i>, bounded, probed, closed.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string> Overlays => ["demo", "single", "production"];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Pods_are_restricted_bounded_and_probed(string overlay)
    {
        var manifests = await Manifests.RenderAsync(overlay);
        Assert.Equal(overlay == "production" ? 2 : 1, manifests.Of<V1Deployment>().Count());
        Assert.All(manifests.Of<V1Deployment>(), deployment => AssertPod(deployment.Spec.Template.Spec, manifests));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Everything_that_is_named_is_there(string overlay)
    {
        var manifests = await Manifests.RenderAsync(overlay);
        var space = manifests.Of<V1Namespace>().Single();
        Assert.Equal("restricted", space.Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        Assert.All(manifests.Namespaced, one => Assert.Equal(space.Metadata.Name, one.Metadata.NamespaceProperty));
        var pods = manifests.Of<V1Deployment>().Select(static deployment => deployment.Spec.Template).ToArray();
        Assert.All(manifests.Of<V1Deployment>(), static deployment => Assert.True(Selects(deployment.Spec.Selector, deployment.Spec.Template)));
        Assert.All(manifests.Of<V1PodDisruptionBudget>(), budget => Assert.Single(pods, pod => Selects(budget.Spec.Selector, pod)));
        Assert.All(manifests.Of<V2HorizontalPodAutoscaler>(), static scaler => Assert.InRange(scaler.Spec.MinReplicas ?? 1, 2, scaler.Spec.MaxReplicas));
        Assert.All(manifests.Of<V2HorizontalPodAutoscaler>(), scaler => Assert.Null(manifests.Of<V1Deployment>().Single(one => one.Metadata.Name == scaler.Spec.ScaleTargetRef.Name).Spec.Replicas));
        Assert.All(manifests.Of<V1Service>(), service =>
        {
            var pod = Assert.Single(pods, pod => Selects(new V1LabelSelector { MatchLabels = service.Spec.Selector }, pod));
            Assert.All(service.Spec.Ports, port => Assert.Contains(pod.Spec.Containers[0].Ports, one => one.Name == port.TargetPort.Value));
        });
        Assert.All(manifests.Of<V1Ingress>().SelectMany(static ingress => ingress.Spec.Rules.SelectMany(static rule => rule.Http.Paths)), path =>
            Assert.Contains(manifests.Of<V1Service>(), service => service.Metadata.Name == path.Backend.Service.Name && service.Spec.Ports.Any(port => port.Name == path.Backend.Service.Port.Name)));
        Assert.All(manifests.Of<ServiceMonitor>(), monitor => Assert.All(manifests.Of<V1Service>(), service =>
        {
            Assert.All(monitor.Spec.Selector.MatchLabels, label => Assert.Equal(label.Value, service.Metadata.Labels[label.Key]));
            Assert.Contains(service.Spec.Ports, port => port.Name == monitor.Spec.Endpoints.Single().Port);
        }));
        Assert.All(pods.SelectMany(static pod => pod.Spec.Volumes).Select(static volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>(), claim =>
            Assert.Contains(manifests.Of<V1PersistentVolumeClaim>(), one => one.Metadata.Name == claim));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Nothing_gets_in_or_out_but_what_is_named(string overlay)
    {
        var manifests = await Manifests.RenderAsync(overlay);
        var policies = manifests.Of<V1NetworkPolicy>().ToDictionary(static policy => policy.Metadata.Name, static policy => policy.Spec);
        var closed = policies["default-deny"];
        Assert.Null(closed.PodSelector.MatchLabels);
        Assert.Equal(["Ingress", "Egress"], closed.PolicyTypes);
        Assert.Null(closed.Ingress);
        Assert.Null(closed.Egress);
        string[] expected = overlay switch
        {
            "demo" => ["allow-dns", "allow-monitoring", "allow-telemetry", "default-deny"],
            "single" => ["allow-coupa", "allow-dns", "allow-monitoring", "allow-readers", "allow-telemetry", "default-deny"],
            _ => ["allow-coupa", "allow-dns", "allow-monitoring", "allow-readers", "allow-redis", "allow-telemetry", "default-deny"],
        };
        Assert.Equal(expected, policies.Keys.Order(StringComparer.Ordinal));
        Assert.All(policies.Values.SelectMany(static policy => policy.Ingress ?? []), static rule => Assert.True(rule.FromProperty.Count > 0 && rule.Ports.Count > 0));
        Assert.All(policies.Values.SelectMany(static policy => policy.Egress ?? []), static rule => Assert.True(rule.To.Count > 0 && rule.Ports.Count > 0));
    }

    [Fact]
    public async Task In_production_readers_and_workers_are_apart_and_spread()
    {
        var manifests = await Manifests.RenderAsync("production");
        var roles = manifests.Of<V1Deployment>().ToDictionary(
            static deployment => deployment.Metadata.Name, static deployment => deployment.Spec.Template.Spec.Containers[0].Env.Single(static variable => variable.Name == "Sync__Role").Value);
        Assert.Equal(new Dictionary<string, string> { ["coupa-gateway"] = "Reader", ["coupa-gateway-worker"] = "Worker" }, roles);
        Assert.All(manifests.Of<V1Deployment>(), static deployment =>
        {
            Assert.NotEmpty(deployment.Spec.Template.Spec.TopologySpreadConstraints);
            Assert.All(deployment.Spec.Template.Spec.TopologySpreadConstraints, spread => Assert.True(Selects(spread.LabelSelector, deployment.Spec.Template)));
        });
        Assert.Equal(2, manifests.Of<V1PodDisruptionBudget>().Count());
        Assert.Single(manifests.Of<V2HorizontalPodAutoscaler>());
    }

    [Fact]
    public void A_field_that_the_schema_lacks_is_found() => Assert.ThrowsAny<Exception>(
        () => Manifests.Read("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: one\nspec:\n  replica: 1\n"));

    private static void AssertPod(V1PodSpec pod, Manifests manifests)
    {
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.True(pod.HostNetwork is null && pod.HostPID is null && pod.HostIPC is null);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.True(pod.SecurityContext.RunAsUser > 0);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.All(pod.Volumes, static volume => Assert.True(volume.HostPath is null && volume.EmptyDir is null or { SizeLimit: not null }));
        var period = TimeSpan.Parse(manifests.Settings["Shutdown__GracePeriod"], CultureInfo.InvariantCulture);
        Assert.True(pod.TerminationGracePeriodSeconds > period.TotalSeconds);

        var container = Assert.Single(pod.Containers);
        Assert.Matches(@"^[^:@]+(/[^:@]+)*:\d+\.\d+\.\d+$", container.Image);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Null(container.SecurityContext.Capabilities.Add);
        foreach (var resource in new[] { "cpu", "memory", "ephemeral-storage" })
            Assert.True(container.Resources.Requests[resource].ToDecimal() <= container.Resources.Limits[resource].ToDecimal());

        Assert.Equal(["/startupz", "/readyz", "/livez"], new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe }.Select(static probe => probe.HttpGet.Path));

        // A load balancer has to notice before the gateway stops to listen.
        var noticed = container.ReadinessProbe.PeriodSeconds * container.ReadinessProbe.FailureThreshold;
        Assert.True(noticed < TimeSpan.Parse(manifests.Settings["Shutdown__Delay"], CultureInfo.InvariantCulture).TotalSeconds);
        Assert.Contains(container.VolumeMounts, static mount => mount.MountPath == "/tmp");
        Assert.Contains(container.VolumeMounts, mount => mount.MountPath == manifests.Settings["Cache__Folder"]);
        Assert.All(container.VolumeMounts, mount => Assert.Single(pod.Volumes, volume => volume.Name == mount.Name));
        Assert.All(container.EnvFrom, source => Assert.Contains(manifests.Of<V1ConfigMap>(), map => map.Metadata.Name == source.ConfigMapRef.Name));

        // Secrets are files, never variables.
        Assert.All(container.Env ?? [], static variable => Assert.Null(variable.ValueFrom));
        Assert.DoesNotContain(manifests.Settings.Keys, static key => key.Contains("Secret__", StringComparison.OrdinalIgnoreCase) || key.EndsWith("ClientSecret", StringComparison.OrdinalIgnoreCase) || key == "Cache__Redis");
    }

    private static bool Selects(V1LabelSelector selector, V1PodTemplateSpec pod) =>
        selector.MatchLabels.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
