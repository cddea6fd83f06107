namespace CoupaGateway.Snapshots.Redis;

/// <summary>The cache server cannot be used, and waiting does not help: a wrong setting, a locked folder, a server too old.</summary>
public sealed class CacheUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
