namespace CoupaGateway.Sandbox.Access;

/// <summary>Settings that can be changed while the sandbox runs.</summary>
internal sealed class SandboxSettings
{
    public bool SendRetryAfter { get; set; }

    public TimeSpan PageDelay { get; set; }
}
