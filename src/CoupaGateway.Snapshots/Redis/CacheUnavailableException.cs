using CoupaGateway.Snapshots.Redis.Inspection;

namespace CoupaGateway.Snapshots.Redis;

/// <summary>The cache server cannot be used, and waiting does not help: a wrong setting, a locked folder, a server too old.</summary>
public sealed class CacheUnavailableException : Exception
{
    public CacheUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <param name="finding">What is wrong with the server itself.</param>
    public CacheUnavailableException(CacheFinding finding)
        : base($"{finding.Found} {finding.Advice}") => Finding = finding;

    /// <summary>What is wrong with the server; null when it is a setting or the data folder.</summary>
    public CacheFinding? Finding { get; }
}
