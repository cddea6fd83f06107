namespace CoupaGateway.Coupa.Clocks;

/// <summary>Reads the clock of an instance off the <c>Date</c> of every answer.</summary>
internal sealed class ClockReader(InstanceClocks clocks) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);

        // What a cache on the way has kept tells of the time at which it was made.
        if (response.Headers is { Date: { } date, Age: null } && request.RequestUri is { } uri)
            clocks.Note(uri, date);
        return response;
    }
}
