using System.Diagnostics.Metrics;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Telemetry;

namespace CoupaGateway.Coupa.Diagnostics;

/// <summary>The counters of the meter <c>CoupaGateway.Coupa</c>.</summary>
internal sealed class CoupaMetrics
{
    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _renewals;
    private readonly Counter<long> _tokenFailures;

    public CoupaMetrics(IMeterFactory meters)
    {
        // The factory owns the meter and disposes it.
        var meter = meters.Create(TelemetryNames.CoupaMeter);
        _requests = Instruments.CoupaRequests.Counter(meter);
        _retries = Instruments.CoupaRetries.Counter(meter);
        _bytes = Instruments.CoupaBytes.Counter(meter);
        _renewals = Instruments.TokenRenewals.Counter(meter);
        _tokenFailures = Instruments.TokenFailures.Counter(meter);
    }

    public void Answered(string host, int status) => _requests.Add(1, new(Labels.CoupaHost, host), new(Labels.Status, status));

    public void Retried(string host, CoupaFailure failure) => _retries.Add(1, new(Labels.CoupaHost, host), new(Labels.CoupaFailure, CoupaFailureCodes.CodeOf(failure)));

    public void Received(string host, int bytes) => _bytes.Add(bytes, new KeyValuePair<string, object?>(Labels.CoupaHost, host));

    public void Renewed(string host) => _renewals.Add(1, new KeyValuePair<string, object?>(Labels.CoupaHost, host));

    public void NotRenewed(string host, CoupaFailure failure) =>
        _tokenFailures.Add(1, new(Labels.CoupaHost, host), new(Labels.CoupaFailure, CoupaFailureCodes.CodeOf(failure)));
}
