namespace CoupaGateway.Rest;

/// <summary>A record that could not be taken over in full.</summary>
/// <param name="Table">API table of the record.</param>
/// <param name="Key">Key of the record.</param>
/// <param name="Reason">What was wrong. It holds no data of the record.</param>
/// <param name="FoundAt">When it was last found (UTC).</param>
internal sealed record DeadLetterResource(string Table, long Key, string Reason, DateTimeOffset FoundAt);
