namespace CoupaGateway.OData.Rows;

/// <summary>Why a query was not answered; each maps to one HTTP status.</summary>
internal enum QueryRejection
{
    /// <summary>A value in the query cannot be computed (overflow, division by zero, bad regular expression): the caller's mistake, 400.</summary>
    InvalidValue,

    /// <summary>Longer than the time limit: 400 with advice to narrow the query.</summary>
    TimedOut,

    /// <summary>More memory than one query may use: 400 with advice to narrow the query.</summary>
    TooLarge,

    /// <summary>Too many queries at once: 503 with Retry-After.</summary>
    Busy,
}
