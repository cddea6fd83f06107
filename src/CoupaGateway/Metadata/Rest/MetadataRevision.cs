namespace CoupaGateway.Metadata.Rest;

/// <summary>A revision of custom metadata that is remembered.</summary>
/// <param name="At">When it was written (UTC).</param>
/// <param name="Who">Name of the caller that wrote it.</param>
/// <param name="Characters">Length of the document; null for a revision that took it away.</param>
/// <param name="Current">Whether it is in force.</param>
internal sealed record MetadataRevision(int Revision, DateTimeOffset At, string Who, int? Characters, bool Current);
