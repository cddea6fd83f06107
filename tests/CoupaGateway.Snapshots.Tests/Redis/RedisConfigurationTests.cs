using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Snapshots.Tests.Servers.Topologies;

namespace CoupaGateway.Snapshots.Tests.Redis;

public sealed class RedisConfigurationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Settings_of_their_own_come_before_those_of_the_connection_string()
    {
        var configuration = RedisConfiguration.Create(new CacheOptions
        {
            Redis = "a:26379,b:26379,user=old,password=old",
            User = "new",
            Password = "secret",
            SentinelPrimary = "coupa",
            SentinelUser = "watcher",
            SentinelPassword = "other",
        });

        Assert.Equal(2, configuration.EndPoints.Count);
        Assert.Equal(("new", "secret", "coupa", "watcher", "other"), (configuration.User, configuration.Password, configuration.ServiceName, configuration.SentinelUser, configuration.SentinelPassword));
        Assert.False(configuration.Ssl);
    }

    [Theory]
    [InlineData("redis:6379,pasword=secret", "Cache:Redis: it is not a connection string")]
    [InlineData("ssl=true", "Cache:Redis: it has no address")]
    public void A_connection_string_that_cannot_be_used_is_not_repeated(string text, string expected)
    {
        var fault = Assert.Single(RedisConfiguration.FindFaults(new CacheOptions { Redis = text }));

        Assert.StartsWith(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
        Assert.Equal(fault, Assert.Throws<CacheUnavailableException>(() => RedisConfiguration.Create(new CacheOptions { Redis = text })).Message);
    }

    [Fact]
    public void Settings_of_an_external_server_need_one()
    {
        var faults = RedisConfiguration.FindFaults(new CacheOptions { User = "u", Password = "secret", SentinelPrimary = "p", Tls = { Host = "h" } }).ToArray();

        Assert.Equal(["Cache:User", "Cache:Password", "Cache:SentinelPrimary", "Cache:Tls"], faults.Select(static fault => fault[..fault.IndexOf(": ", StringComparison.Ordinal)]));
        Assert.All(faults, static fault => Assert.DoesNotContain("secret", fault, StringComparison.Ordinal));
        Assert.Empty(RedisConfiguration.FindFaults(new CacheOptions()));
    }

    [Fact]
    public void Certificates_that_cannot_be_used_are_named()
    {
        _ = new Certificates(_folder.Path);
        File.WriteAllText(PathOf("text.pem"), "no certificate");

        Assert.Empty(Faults(PathOf("authority.pem"), PathOf("client.pem"), PathOf("client.key")));
        Assert.StartsWith("Cache:Tls:Certificate and Key belong together", Assert.Single(Faults(null, PathOf("client.pem"), null)), StringComparison.Ordinal);
        foreach (var (certificate, key) in new[] { ("client.pem", "server.key"), ("missing.pem", "client.key"), ("text.pem", "client.key") })
            Assert.StartsWith($"Cache:Tls:Certificate: {PathOf(certificate)} and {PathOf(key)} are no certificate", Assert.Single(Faults(null, PathOf(certificate), PathOf(key))), StringComparison.Ordinal);
        foreach (var authority in new[] { "missing.pem", "text.pem" })
            Assert.StartsWith($"Cache:Tls:Authority: {PathOf(authority)} is no certificate", Assert.Single(Faults(PathOf(authority), null, null)), StringComparison.Ordinal);
    }

    private static string[] Faults(string? authority, string? certificate, string? key) =>
        [.. RedisConfiguration.FindFaults(new CacheOptions { Redis = "redis:6379", Tls = { Authority = authority, Certificate = certificate, Key = key } })];

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
