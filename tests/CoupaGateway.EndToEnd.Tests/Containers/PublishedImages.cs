namespace CoupaGateway.EndToEnd.Tests.Containers;

/// <summary>Publishes the image once, as a user does, except for where its base comes from and where it goes to.</summary>
public sealed class PublishedImages : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal IReadOnlyList<PublishedImage> All { get; private set; } = [];

    internal BaseImage Base { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var token = TestContext.Current.CancellationToken;
        Base = await BaseImage.CreateAsync(token);
        await using var registry = await ImageRegistry.StartAsync(Base, token);
        var archive = Path.Combine(_folder.Path, "image.tar");
        await Tool.RunAsync(
            "dotnet",
            [
                "publish", "src/CoupaGateway", "-c", "Release", "--no-restore", "-nologo", "-v", "q", "-t:PublishContainer", "-nodeReuse:false", "-p:RunAnalyzers=false",
                $"-p:ContainerBaseImage={registry.Host}/dotnet/aspnet:10.0-noble-chiseled-extra", $"-p:ContainerArchiveOutputPath={archive}",
            ],
            new Dictionary<string, string> { ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(_folder.Path, "tmp")).FullName },
            token);
        All = await PublishedImage.ReadAsync(archive, token);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
