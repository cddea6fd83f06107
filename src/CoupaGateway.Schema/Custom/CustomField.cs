namespace CoupaGateway.Schema.Custom;

/// <summary>An object whose fields become columns of the same row.</summary>
/// <param name="Pointer">Where it stands in the document.</param>
/// <param name="Name">JSON key of the object.</param>
public sealed record CustomField(string Pointer, string Name, CustomObject Content);
