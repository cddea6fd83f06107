using System.Net.Sockets;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Coupa.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Coupa.Tests.Http;

public sealed class OutboundGuardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://127.1")]
    [InlineData("https://2130706433")]
    [InlineData("https://0x7f000001")]
    [InlineData("https://0x7f.0.0.1")]
    [InlineData("https://0177.0.0.1")]
    [InlineData("https://017700000001")]
    [InlineData("https://127.0.0.1.")]
    [InlineData("https://①②⑦.⓪.⓪.①")]
    [InlineData("https://169.254.169.254")]
    [InlineData("https://2852039166")]
    [InlineData("https://[::1]")]
    [InlineData("https://[::ffff:127.0.0.1]")]
    [InlineData("https://[::ffff:a9fe:a9fe]")]
    [InlineData("https://[64:ff9b::7f00:1]")]
    [InlineData("https://[2002:7f00:1::]")]
    [InlineData("https://[fe80::1%25eth0]")]
    [InlineData("https://1.1.1.1")]
    [InlineData("https://localhost")]
    [InlineData("https://metadata.google.internal")]
    [InlineData("http://acme.coupahost.com")]
    [InlineData("ftp://acme.coupahost.com")]
    [InlineData("https://coupahost.com")]
    [InlineData("https://acme.coupahost.com.evil.example")]
    [InlineData("https://evilcoupahost.com")]
    [InlineData("https://acme.coupahost.com@127.0.0.1")]
    [InlineData("https://user@acme.coupahost.com")]
    [InlineData("https://user:password@acme.coupahost.com")]
    [InlineData("https://127.0.0.1#.coupahost.com")]
    [InlineData("https://127.0.0.1?.coupahost.com")]
    [InlineData("https://127.0.0.1/.coupahost.com")]
    [InlineData("/api")]
    public void An_address_elsewhere_is_refused_before_anything_is_asked(string address)
    {
        var names = new FakeNames(["1.1.1.1"]);

        var fault = Guard(names).FindFault(new Uri(address, UriKind.RelativeOrAbsolute));

        Assert.False(string.IsNullOrEmpty(fault));
        Assert.DoesNotContain("password@", fault, StringComparison.Ordinal);
        Assert.Empty(names.Asked);
    }

    [Theory]
    [InlineData("https://acme.coupahost.com")]
    [InlineData("https://ACME.CoupaHost.com")]
    [InlineData("https://acme.coupahost.com.")]
    [InlineData("https://acme.eu.coupacloud.com:8443")]
    [InlineData("https://coupa.example.com")]
    [InlineData("https://a.b.example.org")]
    public void An_allowed_host_is_let_through(string address) => Assert.Null(Guard(new FakeNames(["1.1.1.1"])).FindFault(new Uri(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("::ffff:192.168.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a00:1::")]
    public async Task One_address_that_is_not_on_the_internet_refuses_the_name(string address)
    {
        var refused = await Assert.ThrowsAsync<OutboundRefusedException>(() => Guard(new FakeNames(["1.1.1.1", address])).ResolveAsync("acme.coupahost.com", Token));

        Assert.Contains("acme.coupahost.com", refused.Message, StringComparison.Ordinal);
        Assert.Contains("not on the internet", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_without_addresses_does_not_resolve() =>
        await Assert.ThrowsAsync<SocketException>(() => Guard(new FakeNames([[]])).ResolveAsync("acme.coupahost.com", Token));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task A_name_that_points_at_this_machine_gets_no_connection(string address)
    {
        await using var trap = new Trap();
        var (client, services) = Client($"https://acme.coupahost.com:{trap.Port}", new FakeNames([address]), allowLoopback: false);
        await using var _ = services;

        var failed = await Assert.ThrowsAsync<CoupaException>(() => client.GetAsync("invoices", [], cancellationToken: Token));

        Assert.Equal(CoupaFailure.AddressRefused, failed.Failure);
        Assert.Contains("acme.coupahost.com resolves to", failed.Message, StringComparison.Ordinal);
        Assert.Equal(0, trap.Caught);
    }

    [Fact]
    public async Task A_connection_goes_to_the_address_that_was_checked_and_the_next_one_is_checked_anew()
    {
        await using var trap = new Trap();
        var names = new FakeNames(["127.0.0.1"], ["169.254.169.254"]);
        var (client, services) = Client($"https://acme.coupahost.com:{trap.Port}", names, allowLoopback: true);
        await using var _ = services;

        var first = await Assert.ThrowsAsync<CoupaException>(() => client.GetAsync("invoices", [], cancellationToken: Token));
        var askedByFirst = names.Asked.Count;
        var second = await Assert.ThrowsAsync<CoupaException>(() => client.GetAsync("invoices", [], cancellationToken: Token));

        Assert.Equal((CoupaFailure.TlsFailed, CoupaFailure.AddressRefused), (first.Failure, second.Failure));
        Assert.Equal((1, 2), (askedByFirst, names.Asked.Count));
        Assert.Equal(1, trap.Caught);
    }

    [Theory]
    [InlineData("acme.coupahost.com")]
    [InlineData("*.example.com")]
    public void Host_names_can_be_allowed(string host) => Assert.Empty(Faults(host));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("https://acme.example.com")]
    [InlineData("")]
    public void What_is_no_host_name_cannot_be_allowed(string host) => Assert.NotEmpty(Faults(host));

    private static IEnumerable<string?> Faults(string host) =>
        new OutboundOptions { AllowedHosts = [host] }.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(host)).Select(static fault => fault.ErrorMessage);

    private static OutboundGuard Guard(IHostResolver names) =>
        new(Options.Create(new OutboundOptions { AllowedHosts = ["coupa.example.com", "*.example.org"] }), names);

    private static (CoupaClient Client, ServiceProvider Services) Client(string instance, IHostResolver names, bool allowLoopback)
    {
        var services = new ServiceCollection().AddSingleton(names).AddCoupaSource()
            .Configure<OutboundOptions>(outbound => outbound.AllowLoopback = allowLoopback).BuildServiceProvider();
        var options = Gateway.Options(new Uri(instance));
        options.MaxRetries = 0;
        return (services.GetRequiredService<ICoupaClientFactory>().Create(CoupaTenant.Create(options)), services);
    }
}
