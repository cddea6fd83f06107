using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.Protection;

/// <summary>What protects the key ring that encrypts secrets in the cache. Bound from the section <c>Protection</c>.</summary>
internal sealed class ProtectionOptions : IValidatableObject
{
    public const string Section = "Protection";

    /// <summary>Path of a certificate with its private key, PKCS#12 (<c>.pfx</c>) or PEM.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>Path of a file with the password of <see cref="Certificate"/>; empty when it has none.</summary>
    public string CertificatePasswordFile { get; set; } = "";

    /// <summary>Path of a file with at least 32 random bytes in Base64, instead of a certificate: <c>openssl rand -base64 32</c>.</summary>
    public string KeyFile { get; set; } = "";

    public bool IsProtected => Certificate.Length > 0 || KeyFile.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Certificate.Length > 0 && KeyFile.Length > 0)
            yield return new ValidationResult($"{Section}: give Certificate or KeyFile, not both.", [nameof(KeyFile)]);

        string?[] faults = [ProtectionKeys.FindCertificateFault(this), ProtectionKeys.FindKeyFault(this)];
        foreach (var fault in faults.OfType<string>())
            yield return new ValidationResult($"{Section}:{fault}");
    }
}
