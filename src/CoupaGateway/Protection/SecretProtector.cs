using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace CoupaGateway.Protection;

/// <summary>Encrypts the client secrets of stored connections, each for its connection alone.</summary>
internal sealed class SecretProtector(IDataProtectionProvider provider)
{
    private const string Purpose = "CoupaGateway.Connections.ClientSecret";

    public string Protect(string connection, string secret) => provider.CreateProtector(Purpose, connection).Protect(secret);

    /// <exception cref="CryptographicException">It was not encrypted with this key ring, or for another connection.</exception>
    public string Unprotect(string connection, string text) => provider.CreateProtector(Purpose, connection).Unprotect(text);
}
