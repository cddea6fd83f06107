using System.Text.Json;
using CoupaGateway.Access;

namespace CoupaGateway.Metadata.Stored;

/// <summary>One revision of a connection's custom metadata, as it is kept in the cache.</summary>
/// <param name="At">When it was written (UTC), but later than the revision before.</param>
/// <param name="Who">Name of the caller that wrote it.</param>
/// <param name="Text">The document; null for a revision that took it away.</param>
internal sealed record StoredMetadata(int Revision, DateTimeOffset At, string Who, string? Text)
{
    /// <summary>Null for nothing, and for what is something else, such as a newer gateway's.</summary>
    public static StoredMetadata? Read(string? stored)
    {
        try
        {
            return stored is null ? null : JsonSerializer.Deserialize<StoredMetadata>(stored, AccessDocuments.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
