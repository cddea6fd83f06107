using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Coupa.Tests.Fakes;

namespace CoupaGateway.Coupa.Tests.Diagnostics;

public sealed class SecrecyTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(400)]
    public async Task Secret_token_query_and_body_are_in_no_log_and_no_exception(int status)
    {
        var time = new ImpatientTime(TimeSpan.FromMinutes(4));
        await using var gateway = await Gateway.StartAsync(time: time);
        gateway.Coupa.Token = static context => FakeCoupa.Json(context, """{"access_token":"planted.token.value","expires_in":86399}""");
        gateway.Coupa.Api = context => FakeCoupa.Status(context, status);
        var request = new PageRequest { Resource = "users", Filters = [new("login", "planted-login")] };

        var exception = await Assert.ThrowsAsync<CoupaException>(async () =>
        {
            await foreach (var page in gateway.Client.ReadAsync(request))
                page.Dispose();
        });

        var everything = $"{exception}\n{string.Join('\n', gateway.Logs.Lines)}\n{gateway.Client.Tenant}";
        Assert.NotEmpty(gateway.Logs.Lines);
        Assert.All(["s3cr3t-Planted", "planted.token.value", "planted-login", "jane.doe"], planted => Assert.DoesNotContain(planted, everything, StringComparison.Ordinal));
    }
}
