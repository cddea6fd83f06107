namespace CoupaGateway.Schema.Custom;

/// <summary>Something about a custom metadata document.</summary>
/// <param name="Pointer">Where, as a JSON pointer (RFC 6901); empty for the whole document.</param>
/// <param name="Code">Stable name of the kind of finding: one of <see cref="MetadataCodes"/>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">How to mend it.</param>
public sealed record MetadataFinding(string Pointer, MetadataSeverity Severity, string Code, string Message, string Remedy);
