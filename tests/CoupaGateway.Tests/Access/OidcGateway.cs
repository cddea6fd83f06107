using CoupaGateway.Tests.Hosting;

namespace CoupaGateway.Tests.Access;

/// <summary>A gateway that accepts the tokens of a provider, with a connection that has no tables yet.</summary>
public sealed class OidcGateway : IAsyncLifetime
{
    internal OidcProvider Provider { get; private set; } = null!;

    internal GatewayHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Provider = await OidcProvider.StartAsync(CancellationToken.None);
        Host = await GatewayHost.StartAsync(Provider.Settings);
        var (status, body, _) = await GatewayHost.SendAsync(Host.Admin, "POST", "api/v1/connections", Connections.ConnectionTests.Acme());
        Assert.True(status == 201, body);
    }

    internal HttpClient Client(string token) => Host.Client(token);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
