using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace CoupaGateway.Coupa.Tests.Tokens;

public sealed class AccessTokenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_token_is_asked_for_by_form_with_all_scopes_and_used_as_bearer()
    {
        await using var gateway = await Gateway.StartAsync();

        await gateway.CountAsync();

        Assert.Equal(
            "grant_type=client_credentials&client_id=gateway&client_secret=s3cr3t-Planted&scope=core.invoice.read+core.supplier.read",
            Assert.Single(gateway.Coupa.TokenForms));
        Assert.Equal("Bearer token-1", Assert.Single(gateway.Coupa.Bearers));
    }

    [Fact]
    public async Task Without_scopes_none_is_sent()
    {
        await using var gateway = await Gateway.StartAsync(options => options.Scopes = []);

        await gateway.CountAsync();

        Assert.DoesNotContain("scope", Assert.Single(gateway.Coupa.TokenForms), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_readers_mint_one_token()
    {
        await using var gateway = await Gateway.StartAsync();
        var open = new TaskCompletionSource();
        gateway.Coupa.Token = async context =>
        {
            await open.Task;
            await FakeCoupa.Json(context, """{"access_token":"shared","expires_in":86399}""");
        };

        var readers = Enumerable.Range(0, 100).Select(_ => gateway.CountAsync()).ToArray();
        open.SetResult();
        await Task.WhenAll(readers);

        Assert.Equal(1, gateway.Coupa.TokenRequests);
        Assert.Equal(100, gateway.Coupa.ApiRequests);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_take_the_token_from_the_others()
    {
        await using var gateway = await Gateway.StartAsync();
        var asked = new TaskCompletionSource();
        var open = new TaskCompletionSource();
        gateway.Coupa.Token = async context =>
        {
            asked.SetResult();
            await open.Task;
            await FakeCoupa.Json(context, """{"access_token":"shared","expires_in":86399}""");
        };
        using var hasty = new CancellationTokenSource();

        var first = gateway.Client.GetAsync("invoices", [], cancellationToken: hasty.Token);
        await asked.Task;
        var second = gateway.CountAsync();
        await hasty.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        open.SetResult();
        await second;

        Assert.Equal(1, gateway.Coupa.TokenRequests);
    }

    [Fact]
    public async Task A_token_is_renewed_after_five_sixths_of_its_life()
    {
        var time = new ImpatientTime(Patience);
        await using var gateway = await Gateway.StartAsync(time: time);
        gateway.Coupa.Token = context => FakeCoupa.Json(context, $$"""{"access_token":"t{{gateway.Coupa.TokenRequests}}","expires_in":"86400"}""");

        await gateway.CountAsync();
        time.Advance(TimeSpan.FromHours(20) - TimeSpan.FromSeconds(1));
        await gateway.CountAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await gateway.CountAsync();

        Assert.Equal(["Bearer t1", "Bearer t1", "Bearer t2"], gateway.Coupa.Bearers);
    }

    [Fact]
    public async Task A_renewal_that_fails_leaves_the_old_token_in_use_until_it_expires()
    {
        var time = new ImpatientTime(Patience);
        await using var gateway = await Gateway.StartAsync(options => options.MaxRetries = 0, time);
        await gateway.CountAsync();
        gateway.Coupa.Token = context => FakeCoupa.Status(context, 503);

        time.Advance(TimeSpan.FromHours(20));
        await gateway.CountAsync();
        await gateway.CountAsync();
        Assert.Equal(2, gateway.Coupa.TokenRequests);

        time.Advance(TimeSpan.FromHours(4));
        var exception = await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync());
        Assert.Equal(CoupaFailure.ServerError, exception.Failure);
    }

    [Fact]
    public async Task After_a_401_a_new_token_is_tried_once()
    {
        var time = new ImpatientTime(Patience);
        await using var gateway = await Gateway.StartAsync(time: time);
        await gateway.CountAsync();
        gateway.Coupa.Script(static context => FakeCoupa.Status(context, 401), static context => FakeCoupa.Json(context, """[{"id":1}]"""));

        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await gateway.CountAsync());

        Assert.Equal(["Bearer token-1", "Bearer token-1", "Bearer token-2"], gateway.Coupa.Bearers);
    }

    [Fact]
    public async Task A_401_in_the_first_seconds_waits_and_keeps_the_token()
    {
        var time = new ImpatientTime(Patience);
        await using var gateway = await Gateway.StartAsync(time: time);
        gateway.Coupa.Script(static context => FakeCoupa.Status(context, 401), static context => FakeCoupa.Json(context, """[{"id":1}]"""));

        Assert.Equal(1, await gateway.CountAsync());

        Assert.Equal(["Bearer token-1", "Bearer token-1"], gateway.Coupa.Bearers);
        Assert.Contains(TimeSpan.FromSeconds(5), time.Waits);
    }

    [Fact]
    public async Task A_401_that_stays_ends_after_one_new_token()
    {
        var time = new ImpatientTime(Patience);
        await using var gateway = await Gateway.StartAsync(time: time);
        gateway.Coupa.Api = static context => FakeCoupa.Status(context, 401);

        var exception = await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync());

        Assert.Equal(CoupaFailure.Unauthorized, exception.Failure);
        Assert.Equal(2, gateway.Coupa.TokenRequests);
        Assert.Equal(["Bearer token-1", "Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2", "Bearer token-2"], gateway.Coupa.Bearers);
    }

    [Fact]
    public async Task Many_readers_that_meet_a_401_together_mint_one_new_token()
    {
        var time = new ImpatientTime(Patience);
        await using var gateway = await Gateway.StartAsync(time: time);
        await gateway.CountAsync();
        time.Advance(TimeSpan.FromMinutes(5));
        gateway.Coupa.Api = static context => context.Request.Headers.Authorization == "Bearer token-1" ? FakeCoupa.Status(context, 401) : FakeCoupa.Json(context, "[]");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.CountAsync()));

        Assert.Equal(2, gateway.Coupa.TokenRequests);
    }

    public static TheoryData<int, string, string, string> Refusals => new()
    {
        { 400, "application/json", """{"error":"invalid_client"}""", "coupa_invalid_client" },
        { 401, "application/json", """{"error":"invalid_client","error_description":"s3cr3t-Planted"}""", "coupa_invalid_client" },
        { 400, "application/json", """{"error":"invalid_scope"}""", "coupa_invalid_scope" },
        { 400, "application/json", """{"error":"something_else"}""", "coupa_token_refused" },
        { 400, "application/json", """{"error":"\ud800"}""", "coupa_token_refused" },
        { 401, "text/plain", "no", "coupa_token_refused" },
        { 403, "text/plain", "no", "coupa_token_refused" },
        { 404, "text/plain", "no", "coupa_not_found" },
        { 302, "text/plain", "no", "coupa_redirected" },
        { 500, "text/plain", "no", "coupa_server_error" },
        { 429, "text/plain", "no", "coupa_throttled" },
        { 200, "text/html", "<html>Log in</html>", "coupa_html_page" },
        { 200, "application/json", "  <!DOCTYPE html>", "coupa_html_page" },
        { 200, "application/json", "{", "coupa_malformed_body" },
        { 200, "application/json", "[]", "coupa_malformed_body" },
        { 200, "application/json", """{"access_token":""}""", "coupa_malformed_body" },
        { 200, "application/json", """{"access_token":"two\r\nHost: lines"}""", "coupa_malformed_body" },
        { 200, "application/json", """{"access_token":17}""", "coupa_malformed_body" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Each_way_to_get_no_token_has_its_own_code_and_tells_no_secret(int status, string type, string body, string code)
    {
        await using var gateway = await Gateway.StartAsync(static options => options.MaxRetries = 0);
        gateway.Coupa.Token = context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.Headers.Location = status == 302 ? "https://sso.example.com/login?secret=s3cr3t-Planted" : default;
            return context.Response.WriteAsync(body);
        };

        var exception = await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync());

        Assert.Equal(code, exception.Code);
        Assert.Equal(0, gateway.Coupa.ApiRequests);
        Assert.DoesNotContain(Gateway.Secret, exception + string.Join('\n', gateway.Logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_client_is_not_asked_for_again_by_every_table()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Token = static context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("""{"error":"invalid_client"}""");
        };

        for (var table = 0; table < 5; table++)
            Assert.Equal(CoupaFailure.InvalidClient, (await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync())).Failure);

        Assert.Equal(1, gateway.Coupa.TokenRequests);
    }

    [Fact]
    public async Task An_endless_token_answer_is_cut_off()
    {
        await using var gateway = await Gateway.StartAsync(static options => options.MaxRetries = 0);
        gateway.Coupa.Token = static async context =>
        {
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
        };

        Assert.Equal(CoupaFailure.BodyTooLarge, (await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync())).Failure);
    }

    [Fact]
    public async Task A_token_request_without_answer_times_out()
    {
        var time = new ImpatientTime(Patience);
        await using var gateway = await Gateway.StartAsync(static options => options.MaxRetries = 0, time);
        var asked = new TaskCompletionSource();
        gateway.Coupa.Token = async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        var reading = gateway.CountAsync();
        await asked.Task;
        time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(CoupaFailure.Timeout, (await Assert.ThrowsAsync<CoupaException>(() => reading)).Failure);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_unreachable_and_an_unknown_name_is_said_so()
    {
        await using var gateway = await Gateway.StartAsync(static options => (options.Instance, options.MaxRetries) = (new Uri("http://127.0.0.1:1"), 0));
        await using var unknown = await Gateway.StartAsync(static options => (options.Instance, options.MaxRetries) = (new Uri("https://no-such-host.invalid"), 0));

        Assert.Equal(CoupaFailure.Unreachable, (await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync())).Failure);
        Assert.Equal(CoupaFailure.NameNotResolved, (await Assert.ThrowsAsync<CoupaException>(() => unknown.CountAsync())).Failure);
    }
}
