using System.Collections.Immutable;

namespace CoupaGateway.Snapshots.Redis.Inspection;

/// <summary>Codes of what can be wrong with the cache server. docs/troubleshooting.md explains them; they never change.</summary>
public static class CacheCodes
{
    public const string Unreachable = "cache_unreachable";
    public const string TlsFailed = "cache_tls_failed";
    public const string AuthenticationFailed = "cache_authentication_failed";
    public const string CommandDenied = "cache_command_denied";
    public const string Evicts = "cache_evicts";
    public const string LowOnMemory = "cache_low_on_memory";
    public const string TooOld = "cache_too_old";
    public const string ReadOnly = "cache_read_only";

    public static ImmutableArray<string> All { get; } = [Unreachable, TlsFailed, AuthenticationFailed, CommandDenied, Evicts, LowOnMemory, TooOld, ReadOnly];
}
