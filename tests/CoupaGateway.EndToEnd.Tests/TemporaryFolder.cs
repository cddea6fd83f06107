namespace CoupaGateway.EndToEnd.Tests;

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("coupa-gateway-e2e-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
