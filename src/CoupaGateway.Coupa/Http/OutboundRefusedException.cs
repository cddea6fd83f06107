namespace CoupaGateway.Coupa.Http;

/// <summary>A connection that the gateway does not make. The message is fit for an operator.</summary>
internal sealed class OutboundRefusedException(string message) : IOException(message);
