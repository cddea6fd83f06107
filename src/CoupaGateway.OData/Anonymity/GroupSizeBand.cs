namespace CoupaGateway.OData.Anonymity;

/// <summary>Groups of about one size.</summary>
/// <param name="From">Rows of a group, at least.</param>
/// <param name="To">Rows of a group, at most; null for no bound.</param>
/// <param name="Groups">How many groups.</param>
/// <param name="Rows">Rows in them together.</param>
public sealed record GroupSizeBand(long From, long? To, long Groups, long Rows);
