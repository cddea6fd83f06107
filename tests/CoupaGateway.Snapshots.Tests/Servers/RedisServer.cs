namespace CoupaGateway.Snapshots.Tests.Servers;

/// <summary>One redis-server for the tests of a class.</summary>
public sealed class RedisServer : IAsyncLifetime, ICacheUnderTest
{
    private RedisProcess? _process;

    public string? ConnectionString => _process!.ConnectionString;

    public async ValueTask InitializeAsync() => _process = await RedisProcess.StartAsync();

    public ValueTask DisposeAsync() => _process!.DisposeAsync();
}
