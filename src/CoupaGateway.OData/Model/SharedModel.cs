using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Model;

/// <summary>An EDM and its <c>$metadata</c> documents, for all schema revisions with one fingerprint.</summary>
internal sealed class SharedModel
{
    private readonly Lazy<ReadOnlyMemory<byte>> _xml;
    private readonly Lazy<ReadOnlyMemory<byte>> _json;

    public SharedModel(IEdmModel edm)
    {
        Edm = edm;
        _xml = new(() => MetadataDocument.Xml(edm));
        _json = new(() => MetadataDocument.Json(edm));
    }

    public IEdmModel Edm { get; }

    /// <summary><c>$metadata</c> as CSDL XML, made once.</summary>
    public ReadOnlyMemory<byte> Xml => _xml.Value;

    /// <summary><c>$metadata</c> as CSDL JSON, made once.</summary>
    public ReadOnlyMemory<byte> Json => _json.Value;
}
