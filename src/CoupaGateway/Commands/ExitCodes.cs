namespace CoupaGateway.Commands;

/// <summary>What a command ends with. docs/cli.md tells them to users.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>It was done, and what was found or asked for is not well: findings, a failed run, a refused request.</summary>
    public const int Failed = 1;

    /// <summary>The configuration or the command line cannot be used.</summary>
    public const int Unusable = 2;

    /// <summary>The gateway, or the cache, cannot be reached.</summary>
    public const int Unreachable = 3;
}
