namespace CoupaGateway.Coupa.Failures;

/// <summary>The stable names of failures. Written out, so that renaming an enum member cannot change what alerts look for.</summary>
public static class CoupaFailureCodes
{
    public static string CodeOf(CoupaFailure failure) => failure switch
    {
        CoupaFailure.NameNotResolved => "coupa_name_not_resolved",
        CoupaFailure.AddressRefused => "coupa_address_refused",
        CoupaFailure.Unreachable => "coupa_unreachable",
        CoupaFailure.TlsFailed => "coupa_tls_failed",
        CoupaFailure.Timeout => "coupa_timeout",
        CoupaFailure.InvalidClient => "coupa_invalid_client",
        CoupaFailure.InvalidScope => "coupa_invalid_scope",
        CoupaFailure.TokenRefused => "coupa_token_refused",
        CoupaFailure.Unauthorized => "coupa_unauthorized",
        CoupaFailure.Forbidden => "coupa_forbidden",
        CoupaFailure.NotFound => "coupa_not_found",
        CoupaFailure.NotAcceptable => "coupa_not_acceptable",
        CoupaFailure.BadRequest => "coupa_bad_request",
        CoupaFailure.Throttled => "coupa_throttled",
        CoupaFailure.ServerError => "coupa_server_error",
        CoupaFailure.Redirected => "coupa_redirected",
        CoupaFailure.HtmlPage => "coupa_html_page",
        CoupaFailure.MalformedBody => "coupa_malformed_body",
        CoupaFailure.BodyTooLarge => "coupa_body_too_large",
        CoupaFailure.PagingBroken => "coupa_paging_broken",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };
}
