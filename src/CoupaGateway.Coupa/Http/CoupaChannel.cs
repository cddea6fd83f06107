using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Diagnostics;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Coupa.Tokens;
using CoupaGateway.Telemetry;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Timeout;

namespace CoupaGateway.Coupa.Http;

/// <summary>
/// The way of one GET to one tenant. Nothing here takes a method or a body to send.
/// </summary>
/// <remarks>
/// <code>
///  total timeout
///   └ retry           1. faults that pass: wait (Retry-After, or backoff with jitter) and try again
///      └ wait out     2. while the circuit is open: wait until it may close; costs no retry
///         └ breaker   3. many faults of the tenant: stop asking it for some seconds
///            └ 401    4. token not active yet: pause, same token; else a new token, once
///               └ budget, attempt timeout, GET, whole body into memory, checked to be complete
/// </code>
/// </remarks>
internal sealed class CoupaChannel
{
    private readonly CoupaTenant _tenant;
    private readonly IHttpClientFactory _clients;
    private readonly IRequestBudget _budget;
    private readonly AccessTokenSource _tokens;
    private readonly TimeProvider _time;
    private readonly CoupaMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _pipeline;

    public CoupaChannel(
        CoupaTenant tenant, IHttpClientFactory clients, IRequestBudget budget, AccessTokenSource tokens, TimeProvider time, CoupaMetrics metrics, ILogger logger)
    {
        (_tenant, _clients, _budget, _tokens, _time, _metrics, _logger) = (tenant, clients, budget, tokens, time, metrics, logger);
        _pipeline = CoupaResilience.Build(tenant, time, metrics, logger);
    }

    /// <summary>Reads one answer.</summary>
    /// <param name="read">Makes the result of the body, and throws a <see cref="CoupaException"/> when the body is not whole: it is then asked for again. Owns the body.</param>
    /// <exception cref="CoupaException">There is no answer, after all retries.</exception>
    public async Task<T> GetAsync<T>(ApiRequest request, Func<ResponseBody, T> read, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(CoupaResilience.Request, request);
        using var span = Spans.Source.StartActivity(Spans.Page, ActivityKind.Client);
        span?.SetTag(Labels.CoupaHost, _tenant.Host).SetTag(Labels.Table, request.Consumer.Name.Split('/')[0]);
        try
        {
            return await _pipeline.ExecuteAsync(
                static (context, state) => new ValueTask<T>(state.Channel.AttemptAsync(state.Request, state.Read, context.CancellationToken)),
                context,
                (Channel: this, Request: request, Read: read));
        }
        catch (CoupaException exception)
        {
            span.Fail(CoupaFailureCodes.CodeOf(exception.Failure));
            throw;
        }
        catch (TimeoutRejectedException exception)
        {
            span.Fail(CoupaFailureCodes.CodeOf(CoupaFailure.Timeout));
            var last = context.Properties.GetValue(CoupaResilience.LastFailure, null!);
            var reason = last is null ? "" : $" The last attempt failed thus: {last.Message}";
            throw new CoupaException(
                CoupaFailure.Timeout, $"{_tenant.Host} gave no answer for {request.Path} within {_tenant.TotalTimeout.TotalSeconds:0.#} s (TotalTimeout).{reason}", last?.Status, innerException: exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<T> AttemptAsync<T>(ApiRequest request, Func<ResponseBody, T> read, CancellationToken cancellationToken)
    {
        for (var renewed = false; ;)
        {
            var token = await _tokens.GetAsync(cancellationToken);
            try
            {
                return read(await SendAsync(request, token, cancellationToken));
            }
            catch (CoupaException exception) when (exception.Failure == CoupaFailure.Unauthorized)
            {
                if (token.Age(_time) < _tenant.NewTokenGrace)
                {
                    Log.TokenNotActiveYet(_logger, _tenant.Host, _tenant.NewTokenPause);
                    await Task.Delay(_tenant.NewTokenPause, _time, cancellationToken);
                }
                else if (!renewed)
                {
                    Log.TokenNoLongerAccepted(_logger, _tenant.Host);
                    _tokens.Invalidate(token);
                    renewed = true;
                }
                else
                {
                    throw;
                }
            }
        }
    }

    private async Task<ResponseBody> SendAsync(ApiRequest request, AccessToken token, CancellationToken cancellationToken)
    {
        using var permit = await _budget.AcquireAsync(request.Consumer, cancellationToken);
        using var timeout = new CancellationTokenSource(_tenant.AttemptTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(_tenant.Instance, request.PathAndQuery));
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var client = _clients.CreateClient(CoupaConstants.HttpClientName);
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            _metrics.Answered(_tenant.Host, (int)response.StatusCode);
            return await ReadAsync(response, request, either.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CoupaException(
                CoupaFailure.Timeout, $"{_tenant.Host} did not answer {request.Path} within {_tenant.AttemptTimeout.TotalSeconds:0.#} s.", innerException: exception);
        }
        catch (Exception exception) when (Answers.IsTransportFault(exception))
        {
            throw Answers.FromTransport(exception, _tenant.Host);
        }
    }

    private async Task<ResponseBody> ReadAsync(HttpResponseMessage response, ApiRequest request, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var retryAfter = Answers.RetryAfter(response, _time.GetUtcNow(), _tenant.MaxRetryAfter);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                _budget.ReportThrottled(retryAfter);

            throw Answers.FromStatus(response, _tenant.Host, request.Path, retryAfter);
        }

        var body = await BodyReader.ReadAsync(response.Content, _tenant.MaxBodyBytes, cancellationToken);
        _metrics.Received(_tenant.Host, body.Bytes.Length);
        if (!Answers.IsHtml(response, body.Bytes.Span))
            return body;

        body.Dispose();
        throw Answers.Html(_tenant.Host, request.Path, response.StatusCode);
    }
}
