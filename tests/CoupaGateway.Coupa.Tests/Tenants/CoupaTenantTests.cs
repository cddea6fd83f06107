using System.ComponentModel.DataAnnotations;
using System.Reflection;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Coupa.Tests.Fakes;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Coupa.Tests.Tenants;

public sealed class CoupaTenantTests
{
    /// <summary>Connections are checked at once, and their checks share these attributes: none may still have to read its limits.</summary>
    [Fact]
    public void Limits_of_times_are_read_before_the_first_check()
    {
        var limits = typeof(CoupaTenantOptions).GetProperties()
            .Where(static property => property.PropertyType == typeof(TimeSpan))
            .SelectMany(static property => property.GetCustomAttributes<RangeAttribute>())
            .SelectMany(static range => new[] { range.Minimum, range.Maximum })
            .ToArray();

        Assert.True(limits.Length > 10, $"{limits.Length} limits were found.");
        Assert.All(limits, static limit => Assert.IsType<TimeSpan>(limit));
    }

    [Theory]
    [InlineData("https://acme.coupahost.com")]
    [InlineData("https://acme.coupahost.com/")]
    [InlineData("https://acme.coupacloud.com:8443")]
    [InlineData("http://127.0.0.1:5081")]
    [InlineData("http://localhost:5081")]
    [InlineData("http://[::1]:5081")]
    public void Https_and_plain_http_on_loopback_are_accepted(string instance)
    {
        var tenant = CoupaTenant.Create(Gateway.Options(new Uri(instance)));

        Assert.EndsWith("/", tenant.Instance.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal("core.invoice.read core.supplier.read", tenant.Scope);
    }

    [Theory]
    [InlineData("http://acme.coupahost.com", "https://")]
    [InlineData("ftp://acme.coupahost.com", "https://")]
    [InlineData("https://acme.coupahost.com/api", "base address")]
    [InlineData("https://acme.coupahost.com/?a=b", "base address")]
    [InlineData("https://user:pa55@acme.coupahost.com", "user name")]
    [InlineData("acme.coupahost.com", "absolute")]
    public void An_unfit_instance_is_refused_and_the_message_says_what_is_wanted(string instance, string message)
    {
        var options = Gateway.Options(new Uri(instance, UriKind.RelativeOrAbsolute));

        var exception = Assert.Throws<OptionsValidationException>(() => CoupaTenant.Create(options));

        Assert.Contains(message, Assert.Single(exception.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("pa55", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_said_at_once()
    {
        var options = new CoupaTenantOptions
        {
            Instance = new Uri("http://acme.coupahost.com"),
            ClientSecret = "line\nbreak",
            Scopes = ["core.invoice.read core.supplier.read"],
            PageSize = 51,
            Burst = 0,
            RequestsPerSecond = double.NaN,
            AttemptTimeout = TimeSpan.FromMinutes(20),
        };

        var failures = Assert.Throws<OptionsValidationException>(() => CoupaTenant.Create(options)).Failures.ToList();

        string[] expected = ["https://", "ClientId is missing", "ClientSecret holds", "Scopes", "PageSize", "Burst", "RequestsPerSecond", "TotalTimeout"];
        Assert.Equal(expected.Length, failures.Count);
        Assert.All(expected, part => Assert.Contains(failures, failure => failure.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_secret_is_in_no_text_form()
    {
        var tenant = CoupaTenant.Create(Gateway.Options(new Uri("https://acme.coupahost.com")));

        Assert.DoesNotContain(Gateway.Secret, $"{tenant} {System.Text.Json.JsonSerializer.Serialize(tenant)}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Equal_tenants_share_a_client_and_changed_settings_replace_it()
    {
        await using var gateway = await Gateway.StartAsync();
        var factory = (ICoupaClientFactory)gateway.Services.GetService(typeof(ICoupaClientFactory))!;
        var changed = Gateway.Options(gateway.Coupa.Address);
        changed.PageSize = 10;

        Assert.Same(gateway.Client, factory.Create(CoupaTenant.Create(Gateway.Options(gateway.Coupa.Address))));
        var replaced = factory.Create(CoupaTenant.Create(changed));

        Assert.NotSame(gateway.Client, replaced);
        Assert.Same(gateway.Client.Budget, replaced.Budget);
    }
}
