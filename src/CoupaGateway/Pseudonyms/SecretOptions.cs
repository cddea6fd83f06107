namespace CoupaGateway.Pseudonyms;

/// <summary>Where a secret is read from: exactly one of these. It is text: Base64, or hexadecimal digits in pairs.</summary>
internal class SecretOptions
{
    /// <summary>Path of a file, also one that Kubernetes mounts from a secret.</summary>
    public string? File { get; set; }

    /// <summary>Name of an environment variable.</summary>
    public string? Environment { get; set; }

    /// <summary>Whether anything is given.</summary>
    public bool IsGiven => !string.IsNullOrEmpty(File) || !string.IsNullOrEmpty(Environment);

    /// <summary>What is wrong with the reference, not with what it leads to; null for nothing.</summary>
    public string? Problem => string.IsNullOrEmpty(File) == string.IsNullOrEmpty(Environment) ? "give either File or Environment" : null;
}
