namespace CoupaGateway.Snapshots.Tests.Servers;

public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cg-snapshots-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
