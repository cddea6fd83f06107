namespace CoupaGateway.Snapshots.Tests.Servers;

public sealed class EmbeddedServer : ICacheUnderTest
{
    public string? ConnectionString => null;
}
