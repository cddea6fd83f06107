using System.Collections.Immutable;
using CoupaGateway.Coupa;
using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Sandbox;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Benchmarks.Pseudonyms;

/// <summary>The pages of a whole sandbox tenant, read once as the gateway reads them and kept in memory.</summary>
internal static class TenantPages
{
    /// <summary>12,000 records of 17 resources, in the proportions of the sandbox.</summary>
    private const double Scale = 2;

    private const int WideBudget = 1_000;

    /// <returns>By API table, in the order of ids.</returns>
    public static async Task<ImmutableDictionary<string, ImmutableArray<RecordPage>>> ReadAsync(SchemaRevision schema, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = Scale, Rate = 0 }, cancellationToken: cancellationToken);
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddCoupaSource()
            .Configure<OutboundOptions>(static outbound => outbound.AllowLoopback = true).BuildServiceProvider();
        var client = services.GetRequiredService<ICoupaClientFactory>().Create(CoupaTenant.Create(new CoupaTenantOptions
        {
            Instance = sandbox.BaseAddress,
            ClientId = sandbox.ClientId,
            ClientSecret = sandbox.ClientSecret,
            RequestsPerSecond = WideBudget,
            Burst = WideBudget,
        }));
        var tables = ImmutableDictionary.CreateBuilder<string, ImmutableArray<RecordPage>>(StringComparer.Ordinal);
        foreach (var table in schema.Tables.Where(static table => table.Resource is not null))
        {
            var source = new CoupaRecordSource(client, services.GetRequiredService<IInstanceClocks>(), table, RecordQuery.All, priority: 1);
            var pages = ImmutableArray.CreateBuilder<RecordPage>();
            await foreach (var page in source.ReadAsync(new(long.MinValue, long.MaxValue), cancellationToken))
            {
                using (page)
                    pages.Add(page with { Json = page.Json.ToArray(), Owner = null });
            }

            tables.Add(table.Name, pages.ToImmutable());
        }

        return tables.ToImmutable();
    }
}
