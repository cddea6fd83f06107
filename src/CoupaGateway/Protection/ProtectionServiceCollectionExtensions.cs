using System.Net;
using CoupaGateway.Connections;
using CoupaGateway.Snapshots.Documents;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Protection;

internal static class ProtectionServiceCollectionExtensions
{
    /// <summary>
    /// ASP.NET Data Protection with its key ring in the cache, protected by a certificate or a key file. Without either the gateway refuses every
    /// address but loopback.
    /// </summary>
    public static IServiceCollection AddProtection(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ProtectionOptions>().Bind(configuration.GetSection(ProtectionOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SecretProtector>();
        services.AddOptions<KeyManagementOptions>().Configure<ISharedDocumentStore>(static (ring, documents) => ring.XmlRepository = new DocumentXmlRepository(documents));

        // Read at once: which way the ring is protected is a matter of registration, and an unreadable file is said by the validation.
        var options = configuration.GetSection(ProtectionOptions.Section).Get<ProtectionOptions>() ?? new ProtectionOptions();
        var protection = services.AddDataProtection().SetApplicationName("CoupaGateway");
        if (options.Certificate.Length > 0 && ProtectionKeys.FindCertificateFault(options) is null)
            protection.ProtectKeysWithCertificate(ProtectionKeys.ReadCertificate(options));
        if (options.KeyFile.Length > 0 && ProtectionKeys.FindKeyFault(options) is null)
            services.AddOptions<KeyManagementOptions>().Configure(ring => ring.XmlEncryptor = new KeyFileXmlEncryptor(ProtectionKeys.ReadKey(options)));

        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ProtectionOptions>, ILoggerFactory>(static (kestrel, protection, loggers) =>
        {
            if (protection.Value.IsProtected)
                return;

            ConnectionLog.Unprotected(loggers.CreateLogger<SecretProtector>());
            kestrel.ConfigureEndpointDefaults(static endpoint =>
            {
                if (endpoint.IPEndPoint is { } address && !IPAddress.IsLoopback(address.Address))
                {
                    throw new OptionsValidationException(ProtectionOptions.Section, typeof(ProtectionOptions),
                    [
                        $"{ProtectionOptions.Section}: secrets in the cache are not protected, so the gateway may serve the loopback address only, and {address} is another. " +
                        $"Give {ProtectionOptions.Section}:KeyFile (`openssl rand -base64 32 > FILE`) or {ProtectionOptions.Section}:Certificate.",
                    ]);
                }
            });
        });
        return services;
    }
}
