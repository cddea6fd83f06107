using k8s;
using k8s.Models;

namespace CoupaGateway.Tests.Kubernetes;

/// <summary>
/// The objects of an overlay, read into the types that are made from Kubernetes' OpenAPI schema: a field that the schema lacks, or a value of another type, is an error.
/// </summary>
internal sealed class Manifests
{
    private static readonly Dictionary<string, Type> Types = new()
    {
        ["v1/Namespace"] = typeof(V1Namespace),
        ["v1/ServiceAccount"] = typeof(V1ServiceAccount),
        ["v1/Service"] = typeof(V1Service),
        ["v1/ConfigMap"] = typeof(V1ConfigMap),
        ["v1/PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["networking.k8s.io/v1/Ingress"] = typeof(V1Ingress),
        ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(ServiceMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
    };

    private readonly List<object> _all;

    private Manifests(List<object> all) => _all = all;

    /// <summary>What a gateway is told by its environment.</summary>
    public IDictionary<string, string> Settings => Of<V1ConfigMap>().Single(static map => map.Metadata.Name.StartsWith("coupa-gateway-", StringComparison.Ordinal) && map.Data.ContainsKey("Cache__Folder")).Data;

    public static async Task<Manifests> RenderAsync(string overlay) => Read(await Kubectl.RenderAsync(overlay));

    public static Manifests Read(string yaml) => new(KubernetesYaml.LoadAllFromString(yaml, Types, strict: true));

    public IEnumerable<T> Of<T>() => _all.OfType<T>();

    public IEnumerable<IMetadata<V1ObjectMeta>> Namespaced => Of<IMetadata<V1ObjectMeta>>().Where(static one => one is not V1Namespace);
}
