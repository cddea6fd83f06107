using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Redis;

/// <summary>Tells failures of the cache server, which pass by themselves, from faults.</summary>
public static class CacheFailures
{
    private const string Client = " StackExchange.Redis.";

    /// <summary>
    /// Whether the server did not answer, was lost or refused a command: what was asked for is worth another try. Not a <see cref="CacheUnavailableException"/>, with which
    /// waiting does not help.
    /// </summary>
    /// <param name="failure">What was thrown, where it is caught or filtered.</param>
    public static bool IsTransient(Exception failure) => failure switch
    {
        RedisException or TimeoutException => true,

        // The client throws it at commands to a server that Sentinel has just replaced. What others throw is a fault, or the end of the process.
        ObjectDisposedException disposed => disposed.StackTrace?.Contains(Client, StringComparison.Ordinal) == true,
        _ => false,
    };
}
