using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoupaGateway.Connections;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Tests.Connections;
using CoupaGateway.Tests.Hosting;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Tests.Protection;

/// <summary>What protects the key ring that protects the secrets.</summary>
public sealed class ProtectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    public async Task Without_protection_only_the_loopback_address_is_served(string address)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => GatewayHost.StartAsync(
            new Dictionary<string, string?> { ["Protection:KeyFile"] = "", ["urls"] = address }));

        Assert.Contains("may serve the loopback address only", refused.Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_protection_the_log_says_so()
    {
        await using var host = await GatewayHost.StartAsync(new Dictionary<string, string?> { ["Protection:KeyFile"] = "" });

        Assert.Contains(host.Logs.Lines, static line => line.StartsWith("5302 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(".pfx", true)]
    [InlineData(".pfx", false)]
    [InlineData(".pem", false)]
    public async Task A_certificate_protects_the_secrets_and_opens_them_after_a_restart(string ending, bool hasPassword)
    {
        var folder = Directory.CreateTempSubdirectory("cg-certificate-");
        try
        {
            var settings = Certificate(folder.FullName, ending, hasPassword ? "p4ss word" : null);
            await using var redis = await RedisProcess.StartAsync();
            await using (var first = await GatewayHost.StartAsync(settings, redis))
            {
                Assert.Equal(201, (await GatewayHost.SendAsync(first.Admin, "POST", "api/v1/connections", ConnectionTests.Acme())).Status);
                Assert.DoesNotContain(first.Logs.Lines, static line => line.StartsWith("5302 ", StringComparison.Ordinal));
            }

            await using (var again = await GatewayHost.StartAsync(settings, redis))
                Assert.NotNull(again.Get<ConnectionRegistry>().Find("acme"));

            await using var other = await GatewayHost.StartAsync(Certificate(folder.CreateSubdirectory("other").FullName, ending, password: null), redis);
            Assert.Null(other.Get<ConnectionRegistry>().Find("acme"));
            Assert.Contains("cannot be decrypted", other.Get<ConnectionRegistry>().FindEntry("acme")!.Problem, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_certificate_or_key_that_cannot_be_read_is_said_at_the_start()
    {
        var missing = await Assert.ThrowsAsync<OptionsValidationException>(() => GatewayHost.StartAsync(new Dictionary<string, string?> { ["Protection:KeyFile"] = "", ["Protection:Certificate"] = "/no/such.pfx" }));
        Assert.Contains("Certificate cannot be read", missing.Message, StringComparison.Ordinal);

        var both = await Assert.ThrowsAsync<OptionsValidationException>(() => GatewayHost.StartAsync(new Dictionary<string, string?> { ["Protection:KeyFile"] = "/no/such.key", ["Protection:Certificate"] = "/no/such.pfx" }));
        Assert.Contains("not both", both.Message, StringComparison.Ordinal);
        Assert.Contains("KeyFile cannot be read", both.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Certificate(string folder, string ending, string? password)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=CoupaGateway", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var path = Path.Combine(folder, "ring" + ending);
        if (ending == ".pem")
            File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        else
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));

        var passwordFile = Path.Combine(folder, "password");
        if (password is not null)
            File.WriteAllText(passwordFile, password + "\n");
        return new Dictionary<string, string?>
        {
            ["Protection:KeyFile"] = "",
            ["Protection:Certificate"] = path,
            ["Protection:CertificatePasswordFile"] = password is null ? "" : passwordFile,
        };
    }
}
