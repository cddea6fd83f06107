using CoupaGateway.Access.Tokens;
using CoupaGateway.Snapshots.Documents;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Access.Keys;

/// <summary>
/// At the very first start makes a key for an administrator and prints it, once, to the console: not through the log, which is kept and shipped.
/// Of several gateways that start at the same time one does it.
/// </summary>
internal sealed class FirstKey(
    KeyStore keys, ApiKeyDirectory directory, ISharedDocumentStore store, IDocumentFollower follower, IOptions<AccessOptions> access, IOptions<OidcOptions> oidc,
    TimeProvider time, ILogger<FirstKey> logger) : BackgroundService
{
    private const string Id = "made";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (access.Value.AnonymousOnLoopback || oidc.Value.IsEnabled)
            return;

        await follower.WaitUntilLoadedAsync(stoppingToken);
        if (directory.All.Count > 0 || !await store.TryWriteAsync(AccessDocuments.FirstKey, Id, expected: null, $"\"{time.GetUtcNow():O}\"", stoppingToken))
            return;

        var (_, text) = await keys.CreateAsync(new KeyInput { Name = "first administrator", Role = GatewayRole.Admin }, "the gateway", stoppingToken);
        AccessLog.FirstKeyMade(logger);
        await Console.Out.WriteLineAsync($"""

            This gateway has no keys yet. Here is one for an administrator. It is shown this once:

              {text}

            Make a key for yourself with it (POST {Endpoints.Api}/keys), then revoke it.

            """);
    }
}
