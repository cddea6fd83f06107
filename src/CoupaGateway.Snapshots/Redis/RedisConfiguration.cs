using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Redis;

/// <summary>From <see cref="CacheOptions"/> to what the client needs, for one server, Sentinel or a cluster.</summary>
internal static class RedisConfiguration
{
    /// <summary>Everything that is wrong, without the values: they may hold a password.</summary>
    public static IEnumerable<string> FindFaults(CacheOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Redis))
        {
            foreach (var (name, isSet) in Dependents(options))
            {
                if (isSet)
                    yield return $"{CacheOptions.SectionName}:{name}: it is for an external cache server; set {CacheOptions.SectionName}:Redis too, or leave it out.";
            }

            yield break;
        }

        if (!TryParse(options.Redis, out var parsed))
            yield return $"{CacheOptions.SectionName}:Redis: it is not a connection string: host:port[,host:port…][,name=value…], such as redis.example.com:6379,ssl=true.";
        else if (parsed.EndPoints.Count == 0)
            yield return $"{CacheOptions.SectionName}:Redis: it has no address: host:port[,host:port…][,name=value…].";
        foreach (var fault in FindFaults(options.Tls))
            yield return $"{CacheOptions.SectionName}:{nameof(CacheOptions.Tls)}:{fault}";
    }

    /// <exception cref="CacheUnavailableException">They cannot be used; the message says why.</exception>
    public static ConfigurationOptions Create(CacheOptions options)
    {
        if (FindFaults(options).FirstOrDefault() is { } fault)
            throw new CacheUnavailableException(fault);

        var configuration = ConfigurationOptions.Parse(options.Redis!);
        configuration.User = Given(options.User) ?? configuration.User;
        configuration.Password = Given(options.Password) ?? configuration.Password;
        if (Given(options.SentinelPrimary) is { } primary)
            configuration.ServiceName = primary;
        configuration.SentinelUser = Given(options.SentinelUser) ?? configuration.SentinelUser;
        configuration.SentinelPassword = Given(options.SentinelPassword) ?? configuration.SentinelPassword;

        var tls = options.Tls;
        configuration.Ssl |= tls.IsUsed;
        configuration.SslHost = Given(tls.Host) ?? configuration.SslHost;
        if (Given(tls.Authority) is { } authority)
            configuration.TrustIssuer(authority);
        if (Given(tls.Certificate) is not null)
            configuration.CertificateSelection += (_, _, _, _, _) => ReadCertificate(tls);
        return configuration;
    }

    private static IEnumerable<(string Name, bool IsSet)> Dependents(CacheOptions options) =>
    [
        (nameof(CacheOptions.User), Given(options.User) is not null),
        (nameof(CacheOptions.Password), Given(options.Password) is not null),
        (nameof(CacheOptions.SentinelPrimary), Given(options.SentinelPrimary) is not null),
        (nameof(CacheOptions.Tls), options.Tls.IsUsed),
    ];

    private static bool TryParse(string text, out ConfigurationOptions parsed)
    {
        try
        {
            parsed = ConfigurationOptions.Parse(text);
            return true;
        }
        catch (ArgumentException)
        {
            // The message of the parser repeats the text.
            parsed = new ConfigurationOptions();
            return false;
        }
    }

    private static IEnumerable<string> FindFaults(CacheTlsOptions tls)
    {
        if (Given(tls.Certificate) is null != Given(tls.Key) is null)
            yield return $"{nameof(tls.Certificate)} and {nameof(tls.Key)} belong together: give both or neither.";
        else if (Given(tls.Certificate) is not null && Explain(() => ReadCertificate(tls).Dispose()) is { } unfit)
            yield return $"{nameof(tls.Certificate)}: {tls.Certificate} and {tls.Key} are no certificate and its key in PEM files that can be read ({unfit}).";
        if (Given(tls.Authority) is { } authority && Explain(() => X509CertificateLoader.LoadCertificateFromFile(authority).Dispose()) is { } unread)
            yield return $"{nameof(tls.Authority)}: {authority} is no certificate in a PEM file that can be read ({unread}).";
    }

    private static string? Explain(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return error is IOException or UnauthorizedAccessException ? error.GetType().Name : "no such content";
        }
    }

    private static X509Certificate2 ReadCertificate(CacheTlsOptions tls)
    {
        var certificate = X509Certificate2.CreateFromPemFile(tls.Certificate!, tls.Key);
        if (!OperatingSystem.IsWindows())
            return certificate;

        // Windows shows no certificate whose key is in memory only.
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
