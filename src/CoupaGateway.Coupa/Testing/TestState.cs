namespace CoupaGateway.Coupa.Testing;

/// <summary>How a step of a connection test ended.</summary>
public enum TestState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and yet somebody should look at it.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failed,

    /// <summary>Not tried, because of what failed before.</summary>
    Skipped,
}
