using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Sync.Runs;

namespace CoupaGateway.Sync.Tests.Runs;

public sealed class RunningJobTests
{
    /// <summary>The engine, and with it the gateway, would end else when a connection is changed whose job ends just then.</summary>
    [Fact]
    public async Task A_job_that_has_ended_may_still_be_stopped()
    {
        var job = Job(CancellationToken.None);
        Assert.False(job.Ended.IsCompleted);

        job.End();
        await job.StopAsync();

        Assert.True(job.Ended.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_job_stops_when_it_is_asked_to_and_when_the_gateway_ends()
    {
        using var gateway = new CancellationTokenSource();
        var (one, other) = (Job(gateway.Token), Job(gateway.Token));

        await one.StopAsync();
        Assert.True(one.Token.IsCancellationRequested);
        Assert.False(other.Token.IsCancellationRequested);

        await gateway.CancelAsync();
        Assert.True(other.Token.IsCancellationRequested);
    }

    private static RunningJob Job(CancellationToken stopping) => new(
        isFull: true, CoupaTenant.Create(new CoupaTenantOptions { Instance = new Uri("https://example.coupahost.com"), ClientId = "id", ClientSecret = "secret" }), stopping);
}
