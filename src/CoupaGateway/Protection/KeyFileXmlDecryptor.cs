using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Protection;

/// <summary>Decrypts what <see cref="KeyFileXmlEncryptor"/> made. Data Protection makes it by the name that stands in the key ring.</summary>
internal sealed class KeyFileXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var options = services.GetRequiredService<IOptions<ProtectionOptions>>().Value;
        if (options.KeyFile.Length == 0)
            throw new CryptographicException("The key ring is protected by a key file, and none is given.");

        var sealedBytes = Convert.FromBase64String(encryptedElement.Value);
        var plain = new byte[sealedBytes.Length - KeyFileXmlEncryptor.NonceBytes - KeyFileXmlEncryptor.TagBytes];
        using var aes = new AesGcm(ProtectionKeys.ReadKey(options), KeyFileXmlEncryptor.TagBytes);
        aes.Decrypt(
            sealedBytes.AsSpan(0, KeyFileXmlEncryptor.NonceBytes),
            sealedBytes.AsSpan(KeyFileXmlEncryptor.NonceBytes, plain.Length),
            sealedBytes.AsSpan(KeyFileXmlEncryptor.NonceBytes + plain.Length),
            plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
