namespace CoupaGateway.Coupa.Http;

/// <summary>
/// The last gate before the wire. Lets out GET below /api and the token request, and nothing else, whatever the code above it comes to do.
/// </summary>
internal sealed class ReadOnlyHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Check(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Check(request);
        return base.Send(request, cancellationToken);
    }

    private static void Check(HttpRequestMessage request)
    {
        var uri = request.RequestUri ?? throw new InvalidOperationException("A request to Coupa needs an address.");
        if (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
            throw new InvalidOperationException("Requests to Coupa go over https only.");

        var isRead = request.Method == HttpMethod.Get && request.Content is null && uri.AbsolutePath.StartsWith(CoupaConstants.ApiPath, StringComparison.Ordinal);
        var isTokenRequest = request.Method == HttpMethod.Post && uri.AbsolutePath == CoupaConstants.TokenPath && uri.Query.Length == 0;
        if (!isRead && !isTokenRequest)
            throw new InvalidOperationException($"The gateway only reads: {request.Method} is not sent to Coupa.");
    }
}
