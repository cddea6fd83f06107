using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Coupa.Tests.Http;

public sealed class ResilienceTests
{
    private const string OneRecord = """[{"id":1,"name":"whole"}]""";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static TheoryData<string> PassingFaults => ["408", "429", "500", "502", "503", "504", "html", "html without type", "cut json", "cut length", "cut chunks", "dropped", "object", "array of numbers", "text behind"];

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task A_fault_that_passes_is_tried_again(string fault)
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Script(context => FaultAsync(context, fault), context => FaultAsync(context, fault), Whole);

        Assert.Equal(1, await gateway.CountAsync());

        Assert.Equal(3, gateway.Coupa.ApiRequests);
    }

    [Theory]
    [InlineData(400, "coupa_bad_request")]
    [InlineData(422, "coupa_bad_request")]
    [InlineData(403, "coupa_forbidden")]
    [InlineData(404, "coupa_not_found")]
    [InlineData(406, "coupa_not_acceptable")]
    [InlineData(301, "coupa_redirected")]
    [InlineData(302, "coupa_redirected")]
    [InlineData(307, "coupa_redirected")]
    public async Task What_does_not_pass_fails_at_once_and_names_resource_and_status_only(int status, string code)
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Api = context =>
        {
            context.Response.Headers.Location = "/api/suppliers?redirected";
            return FakeCoupa.Status(context, status);
        };

        var exception = await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync());

        Assert.Equal(code, exception.Code);
        Assert.Equal(status, (int)exception.Status!);
        Assert.Contains("/api/invoices", exception.Message, StringComparison.Ordinal);
        Assert.Equal(status is not (301 or 302 or 307), exception.ConcernsOneResource);
        Assert.DoesNotContain("jane.doe", exception + string.Join('\n', gateway.Logs.Lines), StringComparison.Ordinal);
        Assert.Equal(1, gateway.Coupa.ApiRequests);
    }

    [Fact]
    public async Task A_fault_that_stays_ends_after_the_retries_with_its_own_code()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Api = static context => FakeCoupa.Status(context, 503);

        var exception = await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync());

        Assert.Equal(CoupaFailure.ServerError, exception.Failure);
        Assert.Equal(4, gateway.Coupa.ApiRequests);
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData("Wed, 01 Apr 2026 12:00:42 GMT", 42)]
    [InlineData("86400", 120)]
    [InlineData("Wed, 01 Apr 2026 11:00:00 GMT", 0)]
    public async Task Retry_After_is_honoured_in_both_forms_and_capped(string header, int seconds)
    {
        var time = new ImpatientTime(Patience);
        await using var gateway = await Gateway.StartAsync(time: time);
        gateway.Coupa.Script(context => FakeCoupa.Status(context, 503, header), Whole);
        var before = time.GetUtcNow();

        Assert.Equal(1, await gateway.CountAsync());

        Assert.Equal(TimeSpan.FromSeconds(seconds), time.GetUtcNow() - before);
    }

    [Fact]
    public async Task A_429_slows_everybody_down()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Script(static context => FakeCoupa.Status(context, 429), Whole);

        await gateway.CountAsync();

        Assert.InRange(gateway.Client.Budget.Usage.AllowedPerSecond, 740, 999);
    }

    [Fact]
    public async Task A_burst_of_faults_that_opens_the_circuit_costs_readers_time_but_no_failure()
    {
        var time = new FakeTimeProvider();
        await using var gateway = await Gateway.StartAsync(static options => options.MaxRetries = 8, time);
        await gateway.CountAsync();
        var faults = 40;
        gateway.Coupa.Api = context => Interlocked.Decrement(ref faults) >= 0 ? FakeCoupa.Status(context, 503) : Whole(context);

        var readers = Task.WhenAll(Enumerable.Range(0, 30).Select(_ => gateway.CountAsync()));
        while (!readers.IsCompleted)
        {
            // The clock stands while a request is on the wire, or it would run into the timeouts.
            if (gateway.Client.Budget.Usage.InFlight == 0)
                time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(readers, Task.Delay(1));
        }

        var counts = await readers;

        Assert.All(counts, static count => Assert.Equal(1, count));
        Assert.Contains(gateway.Logs.Lines, static line => line.StartsWith("1011 ", StringComparison.Ordinal));
        Assert.Contains(gateway.Logs.Lines, static line => line.StartsWith("1012 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tenant_that_stays_down_ends_by_the_total_timeout_with_the_last_fault_told()
    {
        var time = new ImpatientTime(TimeSpan.FromSeconds(50));
        await using var gateway = await Gateway.StartAsync(
            static options => (options.MaxRetries, options.TotalTimeout, options.AttemptTimeout, options.RetryDelay, options.MaxRetryDelay) =
                (100, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20)),
            time);
        gateway.Coupa.Api = static context => FakeCoupa.Status(context, 502);

        var exception = await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync());

        Assert.Equal(CoupaFailure.Timeout, exception.Failure);
        Assert.Contains("502", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_attempt_without_a_complete_answer_in_time_is_tried_again(bool headersCome)
    {
        var time = new ImpatientTime(TimeSpan.FromSeconds(50));
        await using var gateway = await Gateway.StartAsync(static options => options.AttemptTimeout = TimeSpan.FromMinutes(1), time);
        var asked = new TaskCompletionSource();
        gateway.Coupa.Script(
            async context =>
            {
                if (headersCome)
                    await context.Response.WriteAsync("[");
                await context.Response.Body.FlushAsync();
                asked.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            },
            Whole);

        var reading = gateway.CountAsync();
        await asked.Task;
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, await reading);
    }

    [Fact]
    public async Task Cancelling_ends_a_read_as_cancelled()
    {
        await using var gateway = await Gateway.StartAsync();
        using var cancel = new CancellationTokenSource();
        gateway.Coupa.Api = async context =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gateway.Client.GetAsync("invoices", [], cancellationToken: cancel.Token));
        Assert.Equal(0, gateway.Client.Budget.Usage.InFlight);
    }

    [Fact]
    public async Task A_forbidden_resource_leaves_the_others_readable()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Api = static context => context.Request.Path == "/api/suppliers" ? FakeCoupa.Status(context, 403) : Whole(context);

        for (var i = 0; i < 30; i++)
            await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync("suppliers"));

        Assert.Equal(1, await gateway.CountAsync());
    }

    private static Task Whole(HttpContext context) => FakeCoupa.Json(context, OneRecord);

    private static async Task FaultAsync(HttpContext context, string fault)
    {
        switch (fault)
        {
            case "html":
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("Please log in");
                break;
            case "html without type":
                await context.Response.WriteAsync("\n<html><body>Please log in</body></html>");
                break;
            case "cut json":
                await FakeCoupa.Json(context, OneRecord[..^3]);
                break;
            case "cut length":
                context.Response.ContentLength = OneRecord.Length + 100;
                await FakeCoupa.Json(context, OneRecord);
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case "cut chunks":
                await FakeCoupa.Json(context, OneRecord);
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case "dropped":
                context.Abort();
                break;
            case "object":
                await FakeCoupa.Json(context, """{"errors":{}}""");
                break;
            case "array of numbers":
                await FakeCoupa.Json(context, "[1,2]");
                break;
            case "text behind":
                await FakeCoupa.Json(context, OneRecord + "[]");
                break;
            default:
                await FakeCoupa.Status(context, int.Parse(fault));
                break;
        }
    }
}
