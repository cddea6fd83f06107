namespace CoupaGateway.Sandbox.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>Another status, with or without <c>Retry-After</c> and a body.</summary>
    Status,

    /// <summary>The right answer, late.</summary>
    Delay,

    /// <summary>The connection is closed without an answer.</summary>
    Drop,

    /// <summary>The connection is closed in the middle of the body.</summary>
    Cut,

    /// <summary>A page of HTML with status 200.</summary>
    Html,

    /// <summary>A redirect to <see cref="Fault.Location"/>.</summary>
    Redirect,

    /// <summary>Values that do not fit their fields.</summary>
    Malformed,

    /// <summary>A page that never ends.</summary>
    Endless,

    /// <summary>The right answer, a few bytes at a time.</summary>
    Drip,
}
