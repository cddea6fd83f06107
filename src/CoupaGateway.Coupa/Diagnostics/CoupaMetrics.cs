using System.Diagnostics.Metrics;
using CoupaGateway.Coupa.Failures;

namespace CoupaGateway.Coupa.Diagnostics;

/// <summary>The counters of the meter <c>CoupaGateway.Coupa</c>.</summary>
internal sealed class CoupaMetrics
{
    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _renewals;

    public CoupaMetrics(IMeterFactory meters)
    {
        // The factory owns the meter and disposes it.
        var meter = meters.Create(CoupaConstants.MeterName);
        _requests = meter.CreateCounter<long>("coupa.requests", "{request}", "Requests that Coupa answered, by status");
        _retries = meter.CreateCounter<long>("coupa.retries", "{retry}", "Attempts that failed and were tried again, by failure");
        _bytes = meter.CreateCounter<long>("coupa.response.bytes", "By", "Bytes of answers, decompressed");
        _renewals = meter.CreateCounter<long>("coupa.token.renewals", "{token}", "Tokens minted");
    }

    public void Answered(string host, int status) => _requests.Add(1, new("coupa.host", host), new("http.response.status_code", status));

    public void Retried(string host, CoupaFailure failure) => _retries.Add(1, new("coupa.host", host), new("coupa.failure", CoupaFailureCodes.CodeOf(failure)));

    public void Received(string host, int bytes) => _bytes.Add(bytes, new KeyValuePair<string, object?>("coupa.host", host));

    public void Renewed(string host) => _renewals.Add(1, new KeyValuePair<string, object?>("coupa.host", host));
}
