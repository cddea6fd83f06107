using CoupaGateway.Coupa.Diagnostics;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Tenants;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace CoupaGateway.Coupa.Http;

/// <summary>Builds the pipeline of one tenant. The steps are drawn in <see cref="CoupaChannel"/>.</summary>
internal static class CoupaResilience
{
    public static readonly ResiliencePropertyKey<ApiRequest> Request = new("CoupaGateway.Request");
    public static readonly ResiliencePropertyKey<CoupaException> LastFailure = new("CoupaGateway.LastFailure");

    private const double BreakAtFailureRatio = 0.5;
    private const int BreakAtLeast = 20;
    private static readonly TimeSpan BreakSampling = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // Polly checks its options by attributes that two threads must not use for the first time together (Polly issue 2412).
    private static readonly Lock Building = new();

    public static ResiliencePipeline Build(CoupaTenant tenant, TimeProvider time, CoupaMetrics metrics, ILogger logger)
    {
        lock (Building)
            return BuildAlone(tenant, time, metrics, logger);
    }

    private static ResiliencePipeline BuildAlone(CoupaTenant tenant, TimeProvider time, CoupaMetrics metrics, ILogger logger)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        builder.AddTimeout(new TimeoutStrategyOptions { Timeout = tenant.TotalTimeout });
        if (tenant.MaxRetries > 0)
            builder.AddRetry(Retry(tenant, metrics, logger));

        return builder.AddRetry(WaitOut()).AddCircuitBreaker(Breaker(tenant, logger)).Build();
    }

    private static RetryStrategyOptions Retry(CoupaTenant tenant, CoupaMetrics metrics, ILogger logger) => new()
    {
        Name = "retry",
        MaxRetryAttempts = tenant.MaxRetries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = tenant.RetryDelay,
        MaxDelay = tenant.MaxRetryDelay,
        ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Exception is CoupaException { IsTransient: true }),
        DelayGenerator = static args => ValueTask.FromResult((args.Outcome.Exception as CoupaException)?.RetryAfter),
        OnRetry = args =>
        {
            var failure = (CoupaException)args.Outcome.Exception!;
            var request = args.Context.Properties.GetValue(Request, null!);
            args.Context.Properties.Set(LastFailure, failure);
            metrics.Retried(tenant.Host, failure.Failure);
            request.Retrying?.Invoke();
            Log.AttemptFailed(logger, args.AttemptNumber + 1, tenant.Host, request.Path, failure.Failure, (int)failure.Status.GetValueOrDefault(), args.RetryDelay);
            return ValueTask.CompletedTask;
        },
    };

    // A page that meets an open circuit has not failed, it has not been asked for. It waits, bounded by the total timeout alone,
    // so that a short burst of faults costs a table seconds and not its load.
    private static RetryStrategyOptions WaitOut() => new()
    {
        Name = "wait out the open circuit",
        MaxRetryAttempts = int.MaxValue,
        ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Exception is BrokenCircuitException),
        BackoffType = DelayBackoffType.Constant,
        Delay = LookAgain,
        UseJitter = true,
    };

    private static CircuitBreakerStrategyOptions Breaker(CoupaTenant tenant, ILogger logger) => new()
    {
        Name = "circuit breaker",
        FailureRatio = BreakAtFailureRatio,
        MinimumThroughput = BreakAtLeast,
        SamplingDuration = BreakSampling,
        BreakDuration = BreakDuration,
        ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Exception is CoupaException { TenantIsDown: true }),
        OnOpened = args =>
        {
            Log.CircuitOpened(logger, tenant.Host, args.BreakDuration);
            return ValueTask.CompletedTask;
        },
        OnClosed = _ =>
        {
            Log.CircuitClosed(logger, tenant.Host);
            return ValueTask.CompletedTask;
        },
    };
}
