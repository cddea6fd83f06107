namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>How many values of a column in clear looked like personal data in one load. The values themselves are not kept.</summary>
public sealed record PersonalValues(string Table, string Column, long Emails, long Phones, long Ibans);
