using System.Text;
using CoupaGateway.Connections.Stored;
using CoupaGateway.Schema.Custom;

namespace CoupaGateway.Metadata.Stored;

/// <summary>The custom metadata in force of all connections.</summary>
internal sealed class MetadataDirectory() : DocumentDirectory<ConnectionMetadata>(ConnectionMetadata.None)
{
    public override string Kind => MetadataStore.Kind;

    /// <summary>The revision as it is kept; null when there never was one.</summary>
    public string? FindStored(string connection) => FindText(connection);

    /// <summary>With what a newer gateway has written, it goes on with the built-in tables.</summary>
    protected override ConnectionMetadata Read(ConnectionMetadata? known, string text) => StoredMetadata.Read(text) is { } revision
        ? new ConnectionMetadata(revision.Revision, revision.Text, revision.Text is null ? MetadataDocument.Empty : MetadataReader.Read(Encoding.UTF8.GetBytes(revision.Text)).Document)
        : ConnectionMetadata.None;
}
