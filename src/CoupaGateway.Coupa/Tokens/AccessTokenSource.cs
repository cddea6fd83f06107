using CoupaGateway.Coupa.Diagnostics;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Tenants;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Coupa.Tokens;

/// <summary>Holds the token of one tenant: renewed ahead of its expiry, and by one request however many callers need it.</summary>
internal sealed class AccessTokenSource(CoupaTenant tenant, TokenRequest request, TimeProvider time, CoupaMetrics metrics, ILogger logger)
{
    /// <summary>After a renewal ahead of time failed, the old token serves this long before the next try.</summary>
    private static readonly TimeSpan RenewalPause = TimeSpan.FromMinutes(1);

    /// <summary>A refusal (wrong secret) holds this long, so that a hundred tables do not knock a hundred times.</summary>
    private static readonly TimeSpan RefusalHolds = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private AccessToken? _current;
    private Task<AccessToken>? _flight;
    private CoupaException? _refusal;
    private long _refusedAt;

    /// <exception cref="CoupaException">There is no token to be had.</exception>
    public Task<AccessToken> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is not null && _current.IsFresh(time))
                return Task.FromResult(_current);

            if (_refusal is not null && time.GetElapsedTime(_refusedAt) < RefusalHolds)
                return Task.FromException<AccessToken>(Repeat(_refusal));

            // The flight belongs to no caller: one that gives up must not take the others with it. It ends by its own timeout.
            _flight ??= Task.Run(RenewAsync, CancellationToken.None);
            return _flight.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Coupa refused this token. Does nothing when another caller has already replaced it.</summary>
    public void Invalidate(AccessToken token)
    {
        lock (_gate)
        {
            if (_current?.Value == token.Value)
                _current = null;
        }
    }

    private async Task<AccessToken> RenewAsync()
    {
        try
        {
            var token = await request.SendAsync();
            metrics.Renewed(tenant.Host);
            Log.TokenRenewed(logger, tenant.Host, token.RenewAfter);
            lock (_gate)
            {
                (_current, _refusal, _flight) = (token, null, null);
            }

            return token;
        }
        catch (CoupaException exception)
        {
            metrics.NotRenewed(tenant.Host, exception.Failure);
            lock (_gate)
            {
                _flight = null;
                if (_current is not null && !_current.IsExpired(time))
                {
                    Log.TokenRenewalFailed(logger, tenant.Host, exception.Failure);
                    return _current = _current.RenewIn(RenewalPause, time);
                }

                if (!exception.IsTransient)
                    (_refusal, _refusedAt) = (exception, time.GetTimestamp());
            }

            throw;
        }
        catch
        {
            lock (_gate)
            {
                _flight = null;
            }

            throw;
        }
    }

    // Each caller gets an exception of its own: a shared one would collect the stack traces of all.
    private static CoupaException Repeat(CoupaException refusal) => new(refusal.Failure, refusal.Message, refusal.Status, innerException: refusal);
}
