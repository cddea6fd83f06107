namespace CoupaGateway.Sandbox.Faults;

/// <summary>A fault to inject, and into which requests.</summary>
public sealed record Fault
{
    public required FaultKind Kind { get; init; }

    /// <summary>What the path of the request starts with. The default is all of <c>/api/</c>; <c>/oauth2/token</c> works too.</summary>
    public string Path { get; init; } = "/api/";

    /// <summary>Matching requests to let pass first. The default is none.</summary>
    public int Skip { get; init; }

    /// <summary>Requests to hit; null (the default) for all.</summary>
    public int? Count { get; init; }

    /// <summary>Share of the requests to hit, 0 to 1, drawn from the tenant's seed. The default is 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Status of <see cref="FaultKind.Status"/> and <see cref="FaultKind.Redirect"/>; 503 and 302 when null.</summary>
    public int? Status { get; init; }

    /// <summary>Value of a <c>Retry-After</c> header (seconds or a date), or null for none.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Body of a status, or of an HTML page.</summary>
    public string? Body { get; init; }

    /// <summary>Milliseconds of a delay, or between two drips (default 10).</summary>
    public int DelayMilliseconds { get; init; }

    /// <summary>Where a redirect leads.</summary>
    public string? Location { get; init; }

    /// <summary>The field that is malformed in every record; null for some fields of the first record.</summary>
    public string? Field { get; init; }

    /// <summary>The malformed field's value as JSON.</summary>
    public string? Value { get; init; }
}
