using System.Diagnostics.Metrics;
using System.Text.Json;
using CoupaGateway.Sandbox;
using CoupaGateway.Sync.Schedules;
using CoupaGateway.Tests.Hosting;
using CoupaGateway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Tests.Staleness;

public sealed class StalenessTests
{
    private static readonly SyncScheduleOptions Nothing = new() { Delta = "", LookBack = "", Reconcile = "" };

    [Fact]
    public async Task Old_tables_make_the_gateway_degraded_and_are_told_by_metric_endpoint_and_feed_but_it_stays_in_service()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.02, Rate = 0 }, cancellationToken: TestContext.Current.CancellationToken);
        var time = new JumpingTime(TimeProvider.System);
        await using var host = await GatewayHost.StartAsync(services: services => services.AddSingleton<TimeProvider>(time));
        Assert.Equal("ready", await ReadinessAsync(host));
        var input = GatewayHost.Sandbox("acme", sandbox, ["departments"]) with { Schedule = Nothing };
        Assert.Equal(201, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", input)).Status);
        await host.UntilLoadedAsync("acme");
        Assert.Equal("ready", await ReadinessAsync(host));
        Assert.InRange(Age(host), 0, 3_600);

        time.Ahead = TimeSpan.FromDays(2);

        Assert.Equal("degraded", await ReadinessAsync(host));
        Assert.InRange(Age(host), 172_800, 176_400);
        using var tables = JsonDocument.Parse((await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/connections/acme/tables")).Body);
        Assert.All(tables.RootElement.EnumerateArray(), static table => Assert.True(table.GetProperty("stale").GetBoolean()));
        using var meta = JsonDocument.Parse((await GatewayHost.SendAsync(host.Admin, "GET", "odata/acme/_meta?$filter=table_name eq 'departments'")).Body);
        Assert.InRange(meta.RootElement.GetProperty("value")[0].GetProperty("age_seconds").GetDouble(), 172_800, 176_400);
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "GET", "odata/acme/departments")).Status);
    }

    private static async Task<string?> ReadinessAsync(GatewayHost host)
    {
        var (status, body, _) = await GatewayHost.SendAsync(host.Anonymous, "GET", "readyz");
        Assert.Equal(200, status);
        return JsonDocument.Parse(body).RootElement.GetProperty("status").GetString();
    }

    /// <summary>What the metric says of the only table, in seconds.</summary>
    private static double Age(GatewayHost host)
    {
        var measured = new List<double>();
        var meters = host.Get<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "gateway.table.age" && instrument.Meter.Scope == meters)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, age, _, _) => measured.Add(age));
        listener.Start();
        listener.RecordObservableInstruments();
        return Assert.Single(measured);
    }
}
