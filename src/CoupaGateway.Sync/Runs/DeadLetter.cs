namespace CoupaGateway.Sync.Runs;

/// <summary>A record that could not be taken over in full. It holds no data of the record.</summary>
/// <param name="Table">API table of the record.</param>
/// <param name="Key">Key of the record.</param>
/// <param name="Reason">What was wrong, in words for an operator.</param>
/// <param name="FoundAt">When it was last found (UTC).</param>
public sealed record DeadLetter(string Table, long Key, string Reason, DateTimeOffset FoundAt);
