using System.Globalization;
using CoupaGateway.Schema.Custom;

namespace CoupaGateway.Metadata;

/// <summary>The custom metadata of a connection as it is in force.</summary>
/// <param name="Revision">Starts at 1 and increases by one with each change; 0 before the first.</param>
/// <param name="Text">The document as it was written; null when there is none.</param>
/// <param name="Document">What was read of it.</param>
internal sealed record ConnectionMetadata(int Revision, string? Text, MetadataDocument Document)
{
    public static ConnectionMetadata None { get; } = new(0, null, MetadataDocument.Empty);

    public string ETag { get; } = string.Create(CultureInfo.InvariantCulture, $"\"{Revision}\"");
}
