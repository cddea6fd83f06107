using CoupaGateway.Sandbox;

namespace CoupaGateway.Tests.Hosting;

/// <summary>A gateway with the connections <c>acme</c> and <c>other</c>, whose tables are loaded from a sandbox.</summary>
public sealed class LoadedGateway : IAsyncLifetime
{
    private SandboxServer? _sandbox;

    internal GatewayHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.02, Rate = 0 });
        Host = await GatewayHost.StartAsync();
        await Host.AddSandboxAsync("acme", _sandbox, ["suppliers", "departments"]);
        await Host.AddSandboxAsync("other", _sandbox, ["departments"]);
        await Host.UntilLoadedAsync("acme");
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        if (_sandbox is not null)
            await _sandbox.DisposeAsync();
    }
}
