using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CoupaGateway.Snapshots.Tests.Servers.Topologies;

/// <summary>An authority and what it issued, as PEM files: a server's certificate for <c>localhost</c>, and a client's.</summary>
internal sealed class Certificates
{
    private readonly string _folder;

    public Certificates(string folder)
    {
        _folder = folder;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority of the test", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(PathOf("authority.pem"), authority.ExportCertificatePem());
        Issue("server", authority, "1.3.6.1.5.5.7.3.1");
        Issue("client", authority, "1.3.6.1.5.5.7.3.2");
    }

    /// <summary>Settings of a gateway that shows its certificate.</summary>
    public (string Name, string Value)[] ClientSettings =>
        [("Tls:Authority", PathOf("authority.pem")), ("Tls:Certificate", PathOf("client.pem")), ("Tls:Key", PathOf("client.key")), ("Tls:Host", "localhost")];

    public IEnumerable<string> ServerArguments(int port) =>
    [
        "--tls-port", $"{port}", "--tls-cert-file", PathOf("server.pem"), "--tls-key-file", PathOf("server.key"), "--tls-ca-cert-file", PathOf("authority.pem"), "--tls-auth-clients", "yes",
    ];

    private void Issue(string name, X509Certificate2 authority, string purpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, new DateTimeOffset(authority.NotBefore), new DateTimeOffset(authority.NotAfter), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(PathOf($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
