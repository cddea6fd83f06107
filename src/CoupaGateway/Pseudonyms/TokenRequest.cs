namespace CoupaGateway.Pseudonyms;

/// <summary>Asks for the tokens of known values.</summary>
/// <param name="Domain">Domain of the columns that are to be filtered, as <c>user.login</c>.</param>
/// <param name="Values">1 to 100 values, of at most 1,000 characters each.</param>
internal sealed record TokenRequest(string Domain, string[] Values);
