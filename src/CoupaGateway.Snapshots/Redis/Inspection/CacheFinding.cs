namespace CoupaGateway.Snapshots.Redis.Inspection;

/// <summary>What is wrong with the cache server, or with the way to it.</summary>
/// <param name="Code">One of <see cref="CacheCodes"/>.</param>
/// <param name="IsError">Whether the gateway cannot work as it is, or tables will be lost; else it works for now.</param>
/// <param name="Found">What was found, in a sentence, without secrets.</param>
/// <param name="Advice">How it is mended.</param>
public sealed record CacheFinding(string Code, bool IsError, string Found, string Advice);
