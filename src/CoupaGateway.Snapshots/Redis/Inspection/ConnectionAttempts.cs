using System.Security.Authentication;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Redis.Inspection;

/// <summary>Remembers how the newest attempt to connect to the server failed: the client itself only says that there is no connection.</summary>
internal sealed class ConnectionAttempts(TimeProvider time)
{
    /// <summary>How long a failure may take to become known: the client tells it on another thread.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionAttemptCompletedEventArgs? _failed;

    public void Follow(ConfigurationOptions configuration) => configuration.ConnectionAttemptCompleted += OnCompleted;

    /// <summary>Why there is no connection, from the newest failure.</summary>
    public async Task<CacheFinding> ExplainAsync(CacheOptions options, CancellationToken cancellationToken)
    {
        await Task.WhenAny(_known.Task, Task.Delay(Patience, time, cancellationToken));
        ConnectionAttemptCompletedEventArgs? failed;
        lock (_gate)
            failed = _failed;
        var address = failed?.EndPoint is { } endPoint ? $" at {endPoint}" : "";
        if (failed?.Stage == ConnectionAttemptStage.Tls || Has<AuthenticationException>(failed?.Exception))
        {
            return new CacheFinding(
                CacheCodes.TlsFailed, IsError: true,
                failed!.ServerCertificateAccepted == false
                    ? $"The certificate of the cache server{address} is not accepted ({failed.ServerCertificatePolicyErrors})."
                    : $"The encrypted connection to the cache server{address} failed.",
                "Check that the port speaks TLS, Cache:Tls:Authority and Cache:Tls:Host, and that the server accepts the certificate of Cache:Tls:Certificate.");
        }

        if (failed?.FailureType == ConnectionFailureType.AuthenticationFailure)
        {
            return new CacheFinding(
                CacheCodes.AuthenticationFailed, IsError: true,
                $"The cache server{address} refuses the user or the password.",
                "Check Cache:User and Cache:Password, or user= and password= in Cache:Redis; with Sentinel also Cache:SentinelUser and Cache:SentinelPassword.");
        }

        if (failed is { Stage: ConnectionAttemptStage.Handshake } or { FailureType: ConnectionFailureType.ConnectionDisposed })
        {
            return new CacheFinding(
                CacheCodes.Unreachable, IsError: true,
                $"The cache server{address} does not answer, or not as Redis does.",
                "Check address and port in Cache:Redis, whether the port speaks TLS as the settings say (ssl=true, Cache:Tls), and the network.");
        }

        return new CacheFinding(
            CacheCodes.Unreachable, IsError: true,
            string.IsNullOrWhiteSpace(options.SentinelPrimary) ? $"The cache server{address} cannot be reached." : $"No sentinel names a primary '{options.SentinelPrimary}' that can be reached.",
            "Check that it runs, the addresses in Cache:Redis, and the network (firewalls, network policies).");
    }

    private void OnCompleted(object? sender, ConnectionAttemptCompletedEventArgs attempt)
    {
        lock (_gate)
        {
            // One that the client gave up after the time for it says less than any other.
            if (attempt.IsSuccess || (_failed is not null && (IsGivenUp(attempt), -attempt.SequenceNumber).CompareTo((IsGivenUp(_failed), -_failed.SequenceNumber)) > 0))
                return;
            _failed = attempt;
        }

        if (!IsGivenUp(attempt))
            _known.TrySetResult();
    }

    private static bool IsGivenUp(ConnectionAttemptCompletedEventArgs attempt) => attempt.FailureType == ConnectionFailureType.ConnectionDisposed;

    private static bool Has<T>(Exception? error)
        where T : Exception => error is not null && (error is T || Has<T>(error.InnerException));
}
