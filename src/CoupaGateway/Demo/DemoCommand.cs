using CoupaGateway.Access;
using CoupaGateway.Connections;
using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Hosting;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Sandbox;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots;
using CoupaGateway.Snapshots.Documents;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Sync.Progress;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration.Memory;
using Spectre.Console;

namespace CoupaGateway.Demo;

/// <summary>
/// Everything in one process: a sandbox tenant, the embedded cache and the gateway, which answers anonymous readers, but only on loopback.
/// </summary>
internal static class DemoCommand
{
    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        await using var sandbox = options.Sandbox is null
            ? await SandboxServer.StartAsync(new SandboxOptions { Scale = options.Scale, Rate = options.Rate }, cancellationToken: cancellationToken)
            : null;
        await using var app = GatewayApplication.Create([], builder => Configure(builder, options, sandbox?.BaseAddress ?? options.Sandbox!));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or CacheUnavailableException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]The demo cannot start:[/] {error.Message}");
            return 1;
        }

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var page = new DemoPage(AnsiConsole.Console, new Uri(address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/"));
        page.ShowStart(options.Folder, DemoKey.Ensure(options.Folder));
        try
        {
            // Before that nobody knows what tables there are.
            await app.Services.GetRequiredService<IDocumentFollower>().WaitUntilLoadedAsync(app.Lifetime.ApplicationStopping);
            var display = new DemoDisplay(
                AnsiConsole.Console,
                app.Services.GetRequiredService<ISyncProgress>(),
                app.Services.GetRequiredService<ISchemaProvider>().Find(DemoOptions.Connection)!,
                app.Services.GetRequiredService<ISnapshotCatalog>(),
                app.Services.GetRequiredService<IRequestBudgetProvider>().GetBudget(app.Services.GetRequiredService<IConnectionDefinitions>().Find(DemoOptions.Connection)!.Tenant),
                app.Services.GetRequiredService<TimeProvider>());
            await display.ShowUntilLoadedAsync(app.Lifetime.ApplicationStopping);
            page.ShowLinks();
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C while it still loads: what is loaded by now is kept.
        }

        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static void Configure(WebApplicationBuilder builder, DemoOptions options, Uri tenant)
    {
        var connection = $"{ConnectionOptions.Section}:{DemoOptions.Connection}";
        var defaults = new SandboxOptions();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{connection}:Instance"] = tenant.ToString(),
            [$"{connection}:ClientId"] = defaults.ClientId,
            [$"{connection}:ClientSecret"] = defaults.ClientSecret,
            [$"{connection}:RequestsPerSecond"] = options.Rate > 0 ? options.Rate.ToString() : "1000",
            [$"{OutboundOptions.Section}:{nameof(OutboundOptions.AllowLoopback)}"] = bool.TrueString,
            [$"{connection}:{PseudonymOptions.Section}:Keys:0:Version"] = "1",
            [$"{connection}:{PseudonymOptions.Section}:Keys:0:File"] = DemoKey.Ensure(options.Folder),
            [$"{CacheOptions.SectionName}:Folder"] = options.Folder,
            [$"{AccessOptions.Section}:{nameof(AccessOptions.AnonymousOnLoopback)}"] = bool.TrueString,
            // A page of another site that points its name at 127.0.0.1 does not get to read.
            ["AllowedHosts"] = "localhost;127.0.0.1;[::1]",
        });
        // Quiet beside the display of progress, unless the surroundings ask for more.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:Default", nameof(LogLevel.Warning))] });
        // The name stands for both loopback addresses, but only a fixed port can be had on both.
        builder.WebHost.UseUrls(options.Port == 0 ? "http://127.0.0.1:0" : $"http://localhost:{options.Port}");
    }
}
