using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CoupaGateway.Coupa.Tests.Fakes;

namespace CoupaGateway.Coupa.Tests.Diagnostics;

public sealed class CoupaMetricsTests
{
    [Fact]
    public async Task Requests_retries_bytes_and_tokens_are_counted()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Script(static context => FakeCoupa.Status(context, 503), static context => FakeCoupa.Json(context, """[{"id":1}]"""));
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "CoupaGateway.Coupa")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var labels = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value);
            if (!gateway.Tenant.Host.Equals(labels["coupa.host"]))
                return; // another test's tenant

            var label = labels.GetValueOrDefault("http.response.status_code") ?? labels.GetValueOrDefault("coupa.failure");
            counts.AddOrUpdate($"{instrument.Name} {label}".TrimEnd(), value, (_, before) => before + value);
        });
        listener.Start();

        await gateway.CountAsync();

        var expected = new Dictionary<string, long>
        {
            ["coupa.requests 503"] = 1,
            ["coupa.requests 200"] = 2,
            ["coupa.retries coupa_server_error"] = 1,
            ["coupa.response.bytes"] = 10,
            ["coupa.token.renewals"] = 1,
        };
        Assert.Equal(expected, counts.ToDictionary());
    }
}
