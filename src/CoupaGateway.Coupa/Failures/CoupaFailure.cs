namespace CoupaGateway.Coupa.Failures;

/// <summary>What went wrong between the gateway and Coupa, told apart as far as an operator can act on it.</summary>
public enum CoupaFailure
{
    /// <summary>The host name does not resolve. Passes perhaps.</summary>
    NameNotResolved,

    /// <summary>The host is not on the allow list, or its name resolves to an address inside the gateway's own network. Nothing was sent.</summary>
    AddressRefused,

    /// <summary>No connection, or it broke before the answer was complete. Passes perhaps.</summary>
    Unreachable,

    /// <summary>TLS could not be agreed on: a certificate that is not trusted or has expired, or the connection broke in the handshake. Passes perhaps.</summary>
    TlsFailed,

    /// <summary>No complete answer in time. Passes perhaps.</summary>
    Timeout,

    /// <summary>Coupa does not know this client id, or the secret is wrong.</summary>
    InvalidClient,

    /// <summary>The client lacks one of the scopes asked for; Coupa does not say which.</summary>
    InvalidScope,

    /// <summary>The token request was refused for another reason.</summary>
    TokenRefused,

    /// <summary>A fresh token is not accepted by the API (401).</summary>
    Unauthorized,

    /// <summary>The client may not read this resource (403). Other resources may work.</summary>
    Forbidden,

    /// <summary>There is no such resource or record (404).</summary>
    NotFound,

    /// <summary>The instance cannot answer JSON for this resource (406).</summary>
    NotAcceptable,

    /// <summary>Coupa refuses the request as such (400 and other 4xx).</summary>
    BadRequest,

    /// <summary>Too many requests (429). Passes.</summary>
    Throttled,

    /// <summary>Coupa failed (5xx). Passes perhaps.</summary>
    ServerError,

    /// <summary>Coupa redirects, mostly to a login page: single sign-on or an IP allow-list is in the way. Never followed.</summary>
    Redirected,

    /// <summary>A web page instead of JSON, mostly a login or maintenance page. Passes perhaps.</summary>
    HtmlPage,

    /// <summary>The answer is no complete JSON document of the expected form. Passes perhaps.</summary>
    MalformedBody,

    /// <summary>The answer is larger than the limit.</summary>
    BodyTooLarge,

    /// <summary>Pages do not advance or overlap: the instance ignores the id filter or the order.</summary>
    PagingBroken,
}
