using System.Formats.Tar;
using System.Reflection.PortableExecutable;
using System.Runtime.Versioning;
using System.Text.Json;

namespace CoupaGateway.EndToEnd.Tests.Containers;

/// <summary>The container image, published as an archive and opened; and its files, started as a container starts them. There is no container engine here.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ContainerTests(PublishedImages images) : IClassFixture<PublishedImages>
{
    private const long MostBytes = 200_000_000;

    /// <summary>Where the machine is named in an ELF file, and the numbers of the two.</summary>
    private const int ElfMachine = 18;

    private static readonly Dictionary<string, byte> Machines = new() { ["amd64"] = 0x3E, ["arm64"] = 0xB7 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void There_is_an_image_for_each_platform_that_is_run_without_root_and_tells_what_it_is()
    {
        Assert.Equal(["amd64", "arm64"], images.All.Select(static image => image.Architecture).Order());
        foreach (var image in images.All)
        {
            Assert.Equal("1654", image.Config.GetProperty("User").GetString());
            Assert.Equal(["/app/coupa-gateway"], Texts(image.Config.GetProperty("Entrypoint")));
            Assert.Equal(["serve"], Texts(image.Config.GetProperty("Cmd")));
            Assert.Equal("8080/tcp", Assert.Single(image.Config.GetProperty("ExposedPorts").EnumerateObject()).Name);
            Assert.Empty(new[] { "ASPNETCORE_HTTP_PORTS=8080", "Cache__Folder=/data", "Query__TempFolder=/tmp", "DOTNET_EnableDiagnostics=0" }.Except(Texts(image.Config.GetProperty("Env"))));

            var labels = image.Config.GetProperty("Labels");
            Assert.Equal("CoupaGateway", Label("title"));
            Assert.Equal("MIT", Label("licenses"));
            Assert.Equal("Coupa's data as OData V4 feeds", Label("description"));
            Assert.Equal("The CoupaGateway developers", Label("authors"));
            Assert.Equal("The CoupaGateway developers", Label("vendor"));
            Assert.Matches(@"^\d+\.\d+\.\d+$", Label("version"));
            Assert.EndsWith("/dotnet/aspnet:10.0-noble-chiseled-extra", Label("base.name"), StringComparison.Ordinal);

            string Label(string name) => labels.GetProperty($"org.opencontainers.image.{name}").GetString()!;
        }
    }

    [Fact]
    public async Task The_layer_of_the_application_has_native_libraries_of_its_platform_only()
    {
        foreach (var image in images.All)
        {
            Assert.Equal(2, image.Layers.Count);
            Assert.Contains(image.Layers[0], images.Base.Blobs.Keys);

            List<string> libraries = [];
            await foreach (var entry in image.ReadLayerAsync(image.Layers[^1], Token))
            {
                Assert.StartsWith("app/", entry.Name.TrimStart('/') + "/", StringComparison.Ordinal);
                Assert.DoesNotContain("/runtimes/", entry.Name, StringComparison.Ordinal);
                Assert.Equal((UnixFileMode)0, entry.Mode & (UnixFileMode.OtherWrite | UnixFileMode.SetUser | UnixFileMode.SetGroup));
                if (entry.EntryType is TarEntryType.Directory || entry.DataStream is not { Length: > ElfMachine } content)
                    continue;

                var head = new byte[ElfMachine + 1];
                await content.ReadExactlyAsync(head, Token);
                Assert.False(head is [0xCF or 0xCE or 0xCA, 0xFA or 0xFE, ..], $"{entry.Name} is of macOS.");
                if (head is [0x7F, (byte)'E', (byte)'L', (byte)'F', ..])
                {
                    Assert.Equal(Machines[image.Architecture], head[ElfMachine]);
                    libraries.Add(Path.GetFileName(entry.Name));
                }
                else if (Path.GetExtension(entry.Name) is ".so" or ".dylib")
                {
                    Assert.Fail($"{entry.Name} is no library of this platform.");
                }
            }

            Assert.Contains("coupa-gateway", libraries);
            Assert.Contains("libduckdb.so", libraries);
        }
    }

    /// <summary>Ours are, so that it is ready sooner; those of others are not, because of the memory that it takes.</summary>
    [Fact]
    public async Task Our_assemblies_are_compiled_for_the_platform()
    {
        foreach (var image in images.All)
        {
            List<string> compiled = [];
            await foreach (var entry in image.ReadLayerAsync(image.Layers[^1], Token))
            {
                if (Path.GetExtension(entry.Name) != ".dll")
                    continue;
                using var assembly = new PEReader(entry.DataStream!);
                if (assembly.PEHeaders.CorHeader?.ManagedNativeHeaderDirectory.Size > 0)
                    compiled.Add(Path.GetFileNameWithoutExtension(entry.Name));
            }

            Assert.All(compiled, static name => Assert.StartsWith("CoupaGateway", name, StringComparison.Ordinal));
            Assert.Superset(new HashSet<string> { "CoupaGateway", "CoupaGateway.OData", "CoupaGateway.Schema", "CoupaGateway.Snapshots" }, compiled.ToHashSet());
        }
    }

    [Fact]
    public void The_image_with_the_runtime_has_less_than_200_MB()
    {
        var image = images.All.Single(static image => image.Architecture == BaseImage.Architecture);

        Assert.InRange(image.PackedBytes, 50_000_000, MostBytes);
        TestContext.Current.SendDiagnosticMessage($"The image has {image.PackedBytes / 1e6:0} MB, the layer of the application {image.LayerBytes(image.Layers[^1]) / 1e6:0} MB.");
    }

    [Fact]
    public async Task It_serves_as_an_unprivileged_user_on_a_read_only_root()
    {
        var image = images.All.Single(static image => image.Architecture == BaseImage.Architecture);
        await using var container = await ContainerRoot.CreateAsync(image, Token);
        await using var gateway = await container.StartAsync(["demo", "--port", "0", "--scale", "0.01", "--rate", "0", "--data", "/data"], Token);
        var feed = new Feed(gateway.Client);
        await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded", Token);

        Assert.NotEqual(0, JsonDocument.Parse(await gateway.Client.GetStringAsync($"{Feed.Root}invoices?$top=1", Token)).RootElement.GetProperty("value").GetArrayLength());
        var status = await File.ReadAllLinesAsync($"/proc/{gateway.Id}/status", Token);
        Assert.Contains(status, line => line.StartsWith("Uid:", StringComparison.Ordinal) && line.Split('\t')[1..].All(id => id == container.RunsAs));
        Assert.Equal(0, await gateway.StopAsync(Token));
    }

    [Fact]
    public async Task The_project_names_the_chiseled_image_and_the_manifests_name_this_one()
    {
        var properties = await Tool.RunAsync(
            "dotnet", ["msbuild", "src/CoupaGateway", "-t:ComputeContainerBaseImage", "-getProperty:ContainerBaseImage,ContainerRepository,ContainerImageTag,ContainerUser"], cancellationToken: Token);
        var image = JsonDocument.Parse(properties).RootElement.GetProperty("Properties");
        var name = image.GetProperty("ContainerRepository").GetString()!;

        Assert.EndsWith("/dotnet/aspnet:10.0-noble-chiseled-extra", image.GetProperty("ContainerBaseImage").GetString(), StringComparison.Ordinal);
        var kustomization = await ReadAsync("k8s/base/kustomization.yaml");
        var deployment = await ReadAsync("k8s/base/deployment.yaml");
        Assert.Contains($"  - name: {name}\n    newTag: \"{image.GetProperty("ContainerImageTag")}\"\n", kustomization, StringComparison.Ordinal);
        Assert.Contains($"image: {name}\n", deployment, StringComparison.Ordinal);
        Assert.Contains($"runAsUser: {image.GetProperty("ContainerUser")}\n", deployment, StringComparison.Ordinal);

        static Task<string> ReadAsync(string path) => File.ReadAllTextAsync(Path.Combine(Repository.Root, path), Token);
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(static item => item.GetString()!)];
}
