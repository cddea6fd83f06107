namespace CoupaGateway.Pseudonyms;

/// <summary>The tokens of one domain under one key.</summary>
/// <param name="KeyVersion">Version of the key; while it is being replaced, tables may hold tokens of the one before.</param>
/// <param name="Tokens">In the order of the values that were asked for. Empty for a value that is empty.</param>
internal sealed record TokenResource(int KeyVersion, string[] Tokens);
