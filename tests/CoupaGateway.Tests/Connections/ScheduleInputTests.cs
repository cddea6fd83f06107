using System.Text.Json;
using CoupaGateway.Connections;
using CoupaGateway.Sync.Schedules;
using CoupaGateway.Tests.Hosting;

namespace CoupaGateway.Tests.Connections;

public sealed class ScheduleInputTests
{
    [Fact]
    public async Task A_schedule_that_cannot_be_kept_is_refused_with_each_fault_and_how_to_mend_it()
    {
        await using var host = await GatewayHost.StartAsync();
        var input = new ConnectionInput
        {
            Name = "acme",
            Instance = "https://acme.coupahost.com",
            ClientId = "id",
            ClientSecret = "secret",
            Schedule = new SyncScheduleOptions { Delta = "every day", Priority = 1_000, Blackouts = ["noon"], TimeZone = "Mars/Olympus" },
        };

        var (status, body, _) = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", input);

        Assert.Equal(400, status);
        var faults = JsonDocument.Parse(body).RootElement.GetProperty("errors").GetProperty("schedule").EnumerateArray().Select(static fault => fault.GetString()!).ToArray();
        Assert.Equal(4, faults.Length);
        foreach (var (fault, hint) in new[] { ("'every day' is no cron expression", "*/15 * * * *"), ("Priority 1000", "1 to 100"), ("'noon'", "08:00-10:30"), ("Mars/Olympus", "Europe/Berlin") })
            Assert.Contains(faults, said => said.Contains(fault, StringComparison.Ordinal) && said.Contains(hint, StringComparison.Ordinal));
    }
}
