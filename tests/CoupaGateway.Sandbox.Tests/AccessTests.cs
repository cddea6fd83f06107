using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Sandbox.Tests;

public sealed class AccessTests
{
    [Fact]
    public async Task Token_names_its_scopes_and_accepts_basic_credentials()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        sandbox.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("sandbox-client:sandbox-secret")));
        using var answer = await sandbox.TokenAsync(
            ("grant_type", "client_credentials"), ("scope", "core.invoice.read core.user.read"), ("client_id", ""), ("client_secret", ""));
        var token = await SandboxClient.JsonAsync(answer);
        Assert.Equal("core.invoice.read core.user.read", (string?)token["scope"]);
        Assert.Equal("bearer", (string?)token["token_type"]);
        Assert.Equal(86_399, (long?)token["expires_in"]);
        Assert.True(((string?)token["access_token"])!.Length > 1_000);
    }

    [Theory]
    [InlineData("grant_type", "password", HttpStatusCode.BadRequest, "unsupported_grant_type")]
    [InlineData("scope", "core.invoice.read core.moon.read", HttpStatusCode.BadRequest, "invalid_scope")]
    [InlineData("client_secret", "guess", HttpStatusCode.Unauthorized, "invalid_client")]
    public async Task Token_is_refused_with_the_reason(string name, string value, HttpStatusCode status, string error)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        using var answer = name == "grant_type"
            ? await sandbox.TokenAsync((name, value))
            : await sandbox.TokenAsync(("grant_type", "client_credentials"), (name, value));
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(error, (string?)(await SandboxClient.JsonAsync(answer))["error"]);
    }

    [Fact]
    public async Task Token_warms_up_works_and_expires()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sandbox = await SandboxClient.StartAsync(
            o => (o.TokenWarmUp, o.TokenLifetime) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60)), clock);
        Assert.Equal(HttpStatusCode.Unauthorized, (await sandbox.GetAsync("/api/users")).StatusCode);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, (await sandbox.GetAsync("/api/users")).StatusCode);
        clock.Advance(TimeSpan.FromSeconds(55));
        Assert.Equal(HttpStatusCode.Unauthorized, (await sandbox.GetAsync("/api/users")).StatusCode);
    }

    [Fact]
    public async Task Budget_lets_a_burst_through_and_then_the_rate()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sandbox = await SandboxClient.StartAsync(o => (o.Rate, o.Burst) = (25, 20), clock);
        async Task<int> PassedOf(int requests)
        {
            var passed = 0;
            for (var i = 0; i < requests; i++)
            {
                using var answer = await sandbox.GetAsync("/api/departments?limit=1");
                if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                    Assert.NotNull(answer.Headers.RetryAfter);
                else
                    passed++;
            }

            return passed;
        }

        Assert.Equal(20, await PassedOf(30));
        clock.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(10, await PassedOf(15));
        sandbox.Control.SendRetryAfter = false;
        using var refused = await sandbox.GetAsync("/api/departments");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Null(refused.Headers.RetryAfter);
        sandbox.Control.Rate = 0;
        Assert.Equal(40, await PassedOf(40));
        Assert.Equal(70, sandbox.Control.Requests[("/api/departments", 200)]);
    }

    [Fact]
    public async Task Requests_that_Coupa_would_refuse_are_refused()
    {
        await using var sandbox = await SandboxClient.StartAsync(scope: "core.user.read");
        Assert.Equal(HttpStatusCode.OK, (await sandbox.GetAsync("/api/users")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await sandbox.GetAsync("/api/invoices")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await sandbox.GetAsync("/api/moons")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await sandbox.GetAsync("/api/users/999999")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await sandbox.GetAsync("/api/users?x=" + new string('a', 8_200))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await sandbox.Http.PutAsync("/api/users/1", null)).StatusCode);
        using var xml = new HttpRequestMessage(HttpMethod.Get, "/api/users");
        xml.Headers.Accept.ParseAdd("application/xml");
        Assert.Equal(HttpStatusCode.NotAcceptable, (await sandbox.Http.SendAsync(xml)).StatusCode);
        sandbox.Http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await sandbox.GetAsync("/api/users")).StatusCode);
    }
}
