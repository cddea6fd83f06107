namespace CoupaGateway.Health;

/// <summary>What is known of this machine's clock.</summary>
/// <param name="LastJumpSeconds">By how much it was set last while the process ran: forward, or less than zero for back. Null when it was not.</param>
/// <param name="LastJumpAt">What it showed when that was noticed.</param>
/// <param name="SecondsAhead">By how much it is ahead of the instances' clocks (less than zero: behind), by host, where that is more than two minutes.</param>
internal sealed record ClockHealth(double? LastJumpSeconds, DateTimeOffset? LastJumpAt, IReadOnlyDictionary<string, double> SecondsAhead);
