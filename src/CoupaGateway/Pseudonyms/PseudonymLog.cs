namespace CoupaGateway.Pseudonyms;

/// <summary>Events of pseudonyms for the audit: 5400 to 5499. None holds a value or a token.</summary>
internal static partial class PseudonymLog
{
    [LoggerMessage(5400, LogLevel.Information, "{Connection}: {Caller} asked for the tokens of {Count} values of the domain {Domain}.")]
    public static partial void TokensGiven(ILogger logger, string connection, string caller, int count, string domain);
}
