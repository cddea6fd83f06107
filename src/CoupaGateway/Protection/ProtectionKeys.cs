using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CoupaGateway.Protection;

/// <summary>Reads the certificate and the key file.</summary>
internal static class ProtectionKeys
{
    public const int KeyBytes = 32;

    public static X509Certificate2 ReadCertificate(ProtectionOptions options)
    {
        var password = options.CertificatePasswordFile.Length > 0 ? File.ReadAllText(options.CertificatePasswordFile).TrimEnd('\r', '\n') : null;
        return options.Certificate.EndsWith(".pem", StringComparison.OrdinalIgnoreCase)
            ? password is null ? X509Certificate2.CreateFromPemFile(options.Certificate) : X509Certificate2.CreateFromEncryptedPemFile(options.Certificate, password)
            : X509CertificateLoader.LoadPkcs12FromFile(options.Certificate, password, X509KeyStorageFlags.EphemeralKeySet);
    }

    /// <summary>A key of <see cref="KeyBytes"/> made of the file's bytes.</summary>
    public static byte[] ReadKey(ProtectionOptions options) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Convert.FromBase64String(File.ReadAllText(options.KeyFile).Trim()), KeyBytes, info: "CoupaGateway key ring"u8.ToArray());

    public static string? FindCertificateFault(ProtectionOptions options)
    {
        if (options.Certificate.Length == 0)
            return null;
        try
        {
            using var certificate = ReadCertificate(options);
            return certificate.HasPrivateKey && certificate.GetRSAPrivateKey() is not null ? null : "Certificate has no RSA private key.";
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return "Certificate cannot be read: is it there, is it PKCS#12 or PEM, does CertificatePasswordFile hold its password?";
        }
    }

    public static string? FindKeyFault(ProtectionOptions options)
    {
        if (options.KeyFile.Length == 0)
            return null;
        try
        {
            return Convert.FromBase64String(File.ReadAllText(options.KeyFile).Trim()).Length >= KeyBytes ? null : $"KeyFile holds fewer than {KeyBytes} bytes.";
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            return "KeyFile cannot be read: it has to hold Base64, such as `openssl rand -base64 32` gives.";
        }
    }
}
