using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace CoupaGateway.EndToEnd.Tests.Containers;

/// <summary>
/// Stands in for the chiseled ASP.NET Core image, which no registry here serves: one layer with this machine's .NET runtime, the libraries that it needs, certificates and
/// time zones, and nothing else, so no shell and no package manager either. For another architecture than this machine's the layer has only the folders.
/// </summary>
internal sealed class BaseImage
{
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Readable = (UnixFileMode)0b110_100_100;

    private readonly Dictionary<string, byte[]> _blobs = [];

    private BaseImage(string index) => Index = index;

    /// <summary>Digest of the image index.</summary>
    public string Index { get; private set; }

    /// <summary>The manifests and layers, by digest.</summary>
    public IReadOnlyDictionary<string, byte[]> Blobs => _blobs;

    public static async Task<BaseImage> CreateAsync(CancellationToken cancellationToken)
    {
        var image = new BaseImage("");
        List<object> manifests = [];
        foreach (var architecture in new[] { "amd64", "arm64" })
        {
            var (layer, content) = await image.LayerAsync(architecture == Architecture, cancellationToken);
            var config = image.Add(JsonSerializer.SerializeToUtf8Bytes(new
            {
                architecture,
                os = "linux",
                config = new { User = "1654", Env = new[] { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "APP_UID=1654", "ASPNETCORE_HTTP_PORTS=8080", "DOTNET_RUNNING_IN_CONTAINER=true" } },
                rootfs = new { type = "layers", diff_ids = new[] { content } },
            }));
            var manifest = image.Add(JsonSerializer.SerializeToUtf8Bytes(new
            {
                schemaVersion = 2,
                mediaType = "application/vnd.oci.image.manifest.v1+json",
                config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = config, size = image._blobs[config].Length },
                layers = new[] { new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", digest = layer, size = image._blobs[layer].Length } },
            }));
            manifests.Add(new
            {
                mediaType = "application/vnd.oci.image.manifest.v1+json",
                digest = manifest,
                size = image._blobs[manifest].Length,
                platform = new { architecture, os = "linux" },
            });
        }

        image.Index = image.Add(JsonSerializer.SerializeToUtf8Bytes(new { schemaVersion = 2, mediaType = "application/vnd.oci.image.index.v1+json", manifests }));
        return image;
    }

    /// <summary>The architecture of this machine, as images name it.</summary>
    public static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    private string Add(byte[] content)
    {
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
        _blobs[digest] = content;
        return digest;
    }

    private async Task<(string Digest, string Content)> LayerAsync(bool hasRuntime, CancellationToken cancellationToken)
    {
        using var files = new MemoryStream();
        await using (var tar = new TarWriter(files, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var folder in new[] { "dev", "etc", "home/app", "lib", "lib64", "proc", "usr/bin", "usr/share/dotnet" })
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, folder + "/") { Mode = Executable }, cancellationToken);
            await AddAsync(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/false\napp:x:1654:1654::/home/app:/bin/false\n"u8.ToArray(), cancellationToken);
            await AddAsync(tar, "etc/group", "root:x:0:\napp:x:1654:\n"u8.ToArray(), cancellationToken);
            await AddAsync(tar, "etc/hosts", "127.0.0.1 localhost\n"u8.ToArray(), cancellationToken);
            foreach (var file in hasRuntime ? await RuntimeFilesAsync(cancellationToken) : [])
                await AddAsync(tar, file, cancellationToken);
        }

        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(files.GetBuffer().AsMemory(0, (int)files.Length), cancellationToken);
        return (Add(packed.ToArray()), $"sha256:{Convert.ToHexStringLower(SHA256.HashData(files.GetBuffer().AsSpan(0, (int)files.Length)))}");
    }

    private static async Task AddAsync(TarWriter tar, string path, byte[] content, CancellationToken cancellationToken) =>
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = Readable, DataStream = new MemoryStream(content) }, cancellationToken);

    // As the file that it may lead to, not as a link: the loader asks for it by this name.
    private static async Task AddAsync(TarWriter tar, string file, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, file.TrimStart('/')) { Mode = Executable, DataStream = content }, cancellationToken);
    }

    /// <summary>The shared runtime, and every library that its native parts are linked to or load.</summary>
    private static async Task<string[]> RuntimeFilesAsync(CancellationToken cancellationToken)
    {
        var core = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var root = Path.GetFullPath(Path.Combine(core, "..", "..", ".."));
        var version = Path.GetFileName(core);
        string[] folders = [core, Path.Combine(root, "shared", "Microsoft.AspNetCore.App", version), .. Directory.GetDirectories(Path.Combine(root, "host", "fxr"))];
        string[] runtime = [Path.Combine(root, "dotnet"), .. folders.SelectMany(static folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))];
        Assert.Equal("/usr/share/dotnet", root); // where programs look for it without being told

        var linked = await Tool.RunAsync("ldd", [Path.Combine(root, "dotnet"), Path.Combine(core, "libcoreclr.so"), Path.Combine(core, "libSystem.Native.so")], cancellationToken: cancellationToken);
        var cache = await Tool.RunAsync("/sbin/ldconfig", ["-p"], cancellationToken: cancellationToken);
        var loaded = cache.Split('\n').Where(static line => line.Contains("libssl.so.3 ", StringComparison.Ordinal) || line.Contains("libcrypto.so.3 ", StringComparison.Ordinal));
        var libraries = linked.Split('\n').Concat(loaded).Select(static line => line.Split("=>")[^1].Split('(')[0].Trim()).Where(static path => path.StartsWith('/') && !path.EndsWith(':'));
        return [.. runtime, .. libraries.Distinct(StringComparer.Ordinal), "/etc/ssl/certs/ca-certificates.crt", "/usr/share/zoneinfo/Europe/Berlin"];
    }
}
