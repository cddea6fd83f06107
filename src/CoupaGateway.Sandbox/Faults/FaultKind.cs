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

    /// <summary>The records of the page again and again, 10 GB of them, announced by their length.</summary>
    Huge,

    /// <summary>10 GB of blanks in 10 MB of gzip.</summary>
    GzipBomb,

    /// <summary>A record with arrays nested 10,000 deep.</summary>
    Deep,
}
