using System.Net;

namespace CoupaGateway.Coupa.Failures;

/// <summary>
/// A request to Coupa failed. The message is fit for an operator: it names host and resource, and never holds a body, a query, a token or the secret.
/// </summary>
public sealed class CoupaException : Exception
{
    internal CoupaException(CoupaFailure failure, string message, HttpStatusCode? status = null, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        Status = status;
        RetryAfter = retryAfter;
    }

    public CoupaFailure Failure { get; }

    /// <summary>The status of the answer, where there was one.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>How long Coupa asks to wait, already cut to the tenant's limit.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>A name that stays the same over versions, for documents, alerts and the connection test: <c>coupa_invalid_client</c>.</summary>
    public string Code => CoupaFailureCodes.CodeOf(Failure);

    /// <summary>The same request may work a little later. The client has then already tried as often as the tenant's settings allow.</summary>
    public bool IsTransient => Failure is CoupaFailure.NameNotResolved or CoupaFailure.Unreachable or CoupaFailure.TlsFailed or CoupaFailure.Timeout
        or CoupaFailure.Throttled or CoupaFailure.ServerError or CoupaFailure.HtmlPage or CoupaFailure.MalformedBody;

    /// <summary>Only this resource is concerned: stop its table and go on with the others.</summary>
    public bool ConcernsOneResource => Failure is CoupaFailure.Forbidden or CoupaFailure.NotFound or CoupaFailure.NotAcceptable or CoupaFailure.BadRequest
        or CoupaFailure.MalformedBody or CoupaFailure.BodyTooLarge or CoupaFailure.PagingBroken;

    /// <summary>The tenant itself is in trouble (not this request alone): what the circuit breaker counts.</summary>
    internal bool TenantIsDown => Failure is CoupaFailure.NameNotResolved or CoupaFailure.Unreachable or CoupaFailure.TlsFailed or CoupaFailure.Timeout or CoupaFailure.ServerError;
}
