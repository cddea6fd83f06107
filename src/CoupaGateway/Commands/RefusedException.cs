namespace CoupaGateway.Commands;

/// <summary>The gateway has answered, and refuses what was asked.</summary>
internal sealed class RefusedException(string message) : Exception(message);
