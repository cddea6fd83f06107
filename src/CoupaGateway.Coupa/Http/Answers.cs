using System.Net;
using CoupaGateway.Coupa.Failures;

namespace CoupaGateway.Coupa.Http;

/// <summary>Tells what an answer or a broken connection means. Never looks into the body of an error: it may hold personal data.</summary>
internal static class Answers
{
    /// <summary>The failure that a status other than 200 stands for.</summary>
    public static CoupaException FromStatus(HttpResponseMessage response, string host, string path, TimeSpan? retryAfter)
    {
        var status = response.StatusCode;
        var where = $"{host} answered {(int)status} for {path}";
        var (failure, message) = (int)status switch
        {
            >= 300 and < 400 => (CoupaFailure.Redirected,
                $"{host} redirects {path}{Target(response)}. Redirects are not followed: look for a login page, single sign-on or an IP allow-list, or a wrong instance address."),
            401 => (CoupaFailure.Unauthorized, $"{where}: it does not accept a new token. Check the OAuth client in Coupa."),
            403 => (CoupaFailure.Forbidden, $"{where}: the OAuth client may not read it. Grant its read scope in Coupa."),
            404 => (CoupaFailure.NotFound, $"{where}: there is no such resource or record in this instance."),
            406 => (CoupaFailure.NotAcceptable, $"{where}: it cannot give this resource as JSON."),
            408 => (CoupaFailure.Timeout, $"{where}: it took too long."),
            429 => (CoupaFailure.Throttled, $"{where}: more requests than the instance allows. Lower RequestsPerSecond if this stays."),
            >= 500 => (CoupaFailure.ServerError, $"{where}: Coupa has a fault."),
            _ => (CoupaFailure.BadRequest, $"{where}: it refuses this request."),
        };
        return new CoupaException(failure, message, status, retryAfter);
    }

    /// <summary>The failure that a broken or impossible connection stands for.</summary>
    public static CoupaException FromTransport(Exception exception, string host) => exception switch
    {
        { InnerException: OutboundRefusedException refused } => new(CoupaFailure.AddressRefused, refused.Message, innerException: exception),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            new(CoupaFailure.NameNotResolved, $"The host name of {host} does not resolve. Check the instance address and the DNS of this machine.", innerException: exception),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new(CoupaFailure.TlsFailed, $"No TLS connection with {host}. Check its certificate and what inspects the traffic in between.", innerException: exception),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            new(CoupaFailure.BodyTooLarge, $"{host} sends larger headers than the gateway accepts.", innerException: exception),
        _ => new(CoupaFailure.Unreachable, $"The connection with {host} cannot be made or broke before the answer was complete.", innerException: exception),
    };

    /// <summary>Exceptions of the network stack and of decompression, in all the forms in which a connection breaks.</summary>
    public static bool IsTransportFault(Exception exception) => exception is HttpRequestException or IOException or InvalidDataException;

    public static bool IsHtml(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        if (response.Content.Headers.ContentType?.MediaType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true)
            return true;

        var text = body.TrimStart(" \t\r\n"u8);
        return text.Length > 0 && text[0] == (byte)'<';
    }

    public static CoupaException Html(string host, string path, HttpStatusCode status) => new(
        CoupaFailure.HtmlPage, $"{host} answered {path} with a web page instead of JSON: a login or maintenance page, or a wrong instance address.", status);

    /// <summary>How long the answer asks to wait, in either form of the header, cut to <paramref name="longest"/>; null when it says nothing.</summary>
    /// <param name="now">What counts when the answer does not tell the time of its sender, by which an instant is meant.</param>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now, TimeSpan longest)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - (response.Headers.Date ?? now));
        if (wait is null)
            return null;

        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > longest ? longest : wait;
    }

    private static string Target(HttpResponseMessage response) =>
        response.Headers.Location is { IsAbsoluteUri: true } target ? $" to {target.Host}" : "";
}
