namespace CoupaGateway.OData.Anonymity;

/// <summary>The groups cannot be told now. The message is fit for the caller.</summary>
public sealed class GroupSizesException(string message, Exception inner) : Exception(message, inner);
