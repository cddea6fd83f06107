using System.Security.Cryptography;
using System.Text;

namespace CoupaGateway.Connections;

/// <summary>A connection that was written down somewhere, in force or not.</summary>
/// <param name="Settings">What was written, without the secret.</param>
/// <param name="Text">What it was read from: two entries with one text are one.</param>
/// <param name="Definition">The connection in force; null when it cannot be used.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
internal sealed record ConnectionEntry(
    string Name, ConnectionOrigin Origin, ConnectionSettings Settings, string Text, ConnectionDefinition? Definition, string? Problem, bool IsPaused = false)
{
    /// <summary>Entity tag, with its quotes: changes with everything but the pause.</summary>
    public string ETag => field ??= $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))[..16]}\"";

    public ConnectionEntry WithPause(bool isPaused) =>
        IsPaused == isPaused ? this : this with { IsPaused = isPaused, Definition = Definition is null ? null : Definition with { IsPaused = isPaused } };
}
