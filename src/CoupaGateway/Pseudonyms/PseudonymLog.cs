namespace CoupaGateway.Pseudonyms;

/// <summary>Events of pseudonyms for the audit: 5200 to 5299. None holds a value or a token.</summary>
internal static partial class PseudonymLog
{
    [LoggerMessage(5200, LogLevel.Information, "{Connection}: {Caller} asked for the tokens of {Count} values of the domain {Domain}.")]
    public static partial void TokensGiven(ILogger logger, string connection, string caller, int count, string domain);
}
