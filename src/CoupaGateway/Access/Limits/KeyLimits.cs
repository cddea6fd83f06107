namespace CoupaGateway.Access.Limits;

/// <summary>What the requests of one key are limited to; null for no limit.</summary>
/// <param name="RequestsPerSecond">Requests a second in the long run; as many may come at once.</param>
/// <param name="ConcurrentRequests">Requests that are answered at the same time.</param>
/// <param name="RowsPerPage">Most rows in a page of a feed.</param>
internal sealed record KeyLimits(double? RequestsPerSecond = null, int? ConcurrentRequests = null, int? RowsPerPage = null);
