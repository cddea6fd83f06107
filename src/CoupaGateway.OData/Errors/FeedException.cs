namespace CoupaGateway.OData.Errors;

/// <summary>A request that is answered with an OData error. The message is fit for the caller.</summary>
internal sealed class FeedException(int status, string code, string message, string? target = null) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Language-independent code of the error, one of <see cref="ErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>What is at fault: a query option, a header, a table.</summary>
    public string? Target { get; } = target;

    /// <summary>Whether the caller should try again later.</summary>
    public bool Retry { get; init; }

    /// <summary>When to try again; null for <see cref="Feed.FeedOptions.RetryAfter"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Value of the <c>Allow</c> header; null for none.</summary>
    public string? Allow { get; init; }

    public static FeedException BadRequest(string code, string message, string? target = null) => new(400, code, message, target);

    public static FeedException NotFound(string message, string? target = null) => new(404, ErrorCodes.NotFound, message, target);

    public static FeedException NotImplemented(string message, string? target = null) => new(501, ErrorCodes.NotImplemented, message, target);

    public static FeedException Unavailable(string code, string message, string? target = null) => new(503, code, message, target) { Retry = true };
}
