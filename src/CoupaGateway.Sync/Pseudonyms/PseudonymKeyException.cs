namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>A key or salt that a connection needs is not there or of no use. The message is fit for an operator and holds nothing secret.</summary>
public sealed class PseudonymKeyException(string message) : Exception(message);
