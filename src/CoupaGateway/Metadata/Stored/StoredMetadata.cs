namespace CoupaGateway.Metadata.Stored;

/// <summary>One revision of a connection's custom metadata, as it is kept in the cache.</summary>
/// <param name="At">When it was written (UTC).</param>
/// <param name="Who">Name of the caller that wrote it.</param>
/// <param name="Text">The document; null for a revision that took it away.</param>
internal sealed record StoredMetadata(int Revision, DateTimeOffset At, string Who, string? Text);
