using System.Runtime.Versioning;

namespace CoupaGateway.EndToEnd.Tests.Containers;

/// <summary>
/// Runs an image's command as a container engine does: its layers as the root, read-only, /data and /tmp writable, the image's user and environment and no other. What an engine does
/// beyond that (namespaces of processes and of the network, seccomp, capabilities) is not here.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ContainerRoot : IAsyncDisposable
{
    // $1 root, $2 user or nothing, the rest the command. Mounts are in a namespace of their own and end with it.
    private const string Script =
        """
        set -e
        root=$1 user=$2; shift 2
        mount --bind "$root" "$root"
        for folder in data tmp; do mount --bind "$root.$folder" "$root/$folder"; done
        mount --rbind /proc "$root/proc"
        for device in null urandom; do mount --bind "/dev/$device" "$root/dev/$device"; done
        mount -o remount,ro,bind "$root"
        exec chroot ${user:+--userspec="$user:$user"} "$root" "$@"
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly PublishedImage _image;

    private ContainerRoot(PublishedImage image) => _image = image;

    /// <summary>Whom it runs as: the image's user; without root's rights whoever runs the test, since nobody else can be chosen then.</summary>
    public string RunsAs => Environment.IsPrivilegedProcess ? _image.Config.GetProperty("User").GetString()! : File.ReadLines("/proc/self/status").First(static line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];

    private string Root => Path.Combine(_folder.Path, "root");

    public static async Task<ContainerRoot> CreateAsync(PublishedImage image, CancellationToken cancellationToken)
    {
        var container = new ContainerRoot(image);
        Directory.CreateDirectory(container.Root);
        await image.UnpackAsync(container.Root, cancellationToken);
        foreach (var folder in new[] { "data", "tmp" })
        {
            Directory.CreateDirectory(Path.Combine(container.Root, folder));
            Directory.CreateDirectory($"{container.Root}.{folder}", (UnixFileMode)0b111_111_111);
            File.SetUnixFileMode($"{container.Root}.{folder}", (UnixFileMode)0b111_111_111);
        }

        foreach (var device in new[] { "null", "urandom" })
            await File.WriteAllBytesAsync(Path.Combine(container.Root, "dev", device), [], cancellationToken);
        File.SetUnixFileMode(container._folder.Path, (UnixFileMode)0b111_101_101);
        return container;
    }

    public Task<GatewayProcess> StartAsync(string[] arguments, CancellationToken cancellationToken)
    {
        string[] namespaces = Environment.IsPrivilegedProcess ? ["-m"] : ["-r", "-m"];
        var environment = _image.Config.GetProperty("Env").EnumerateArray().Select(static variable => variable.GetString()!);
        return GatewayProcess.StartProgramAsync(
            "env",
            [
                "-i", .. environment, "unshare", .. namespaces, "bash", "-c", Script, "container", Root, Environment.IsPrivilegedProcess ? RunsAs : "",
                .. _image.Config.GetProperty("Entrypoint").EnumerateArray().Select(static part => part.GetString()!), .. arguments,
            ],
            environment: null,
            cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
