namespace CoupaGateway.Snapshots;

/// <summary>How the line to the cache server is encrypted. Any value switches encryption on, as <c>ssl=true</c> in <see cref="CacheOptions.Redis"/> does.</summary>
public sealed class CacheTlsOptions
{
    /// <summary>PEM file with the certificate of the authority that issued the server's; read at start. Empty: the machine's authorities decide.</summary>
    public string? Authority { get; set; }

    /// <summary>PEM file with the client certificate that this gateway shows. Read for each connection, so that a renewed one needs no restart.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with the private key of <see cref="Certificate"/>, not encrypted.</summary>
    public string? Key { get; set; }

    /// <summary>Name that the server's certificate is for, where it is not the address that is connected to.</summary>
    public string? Host { get; set; }

    internal bool IsUsed => new[] { Authority, Certificate, Key, Host }.Any(static value => !string.IsNullOrWhiteSpace(value));
}
