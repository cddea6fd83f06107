namespace CoupaGateway.Rest;

/// <summary>What a run did to a table, in short.</summary>
/// <param name="Id">Name of the run.</param>
/// <param name="Mode">How the table was brought up to date.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="EndedAt">When it ended (UTC); null before.</param>
internal sealed record TableRunResource(string Id, string Mode, string State, DateTimeOffset? EndedAt);
