using System.Collections.Frozen;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Model;

/// <summary>The EDM of one schema revision, the tables behind its entity types, and its <c>$metadata</c> documents.</summary>
internal sealed class FeedModel
{
    private readonly FrozenDictionary<IEdmEntityType, TableSchema> _tables;
    private readonly Lazy<ReadOnlyMemory<byte>> _xml;
    private readonly Lazy<ReadOnlyMemory<byte>> _json;

    public FeedModel(IEdmModel edm, IEnumerable<KeyValuePair<IEdmEntityType, TableSchema>> tables)
    {
        Edm = edm;
        _tables = tables.ToFrozenDictionary();
        _xml = new(() => MetadataDocument.Xml(edm));
        _json = new(() => MetadataDocument.Json(edm));
    }

    public IEdmModel Edm { get; }

    /// <summary><c>$metadata</c> as CSDL XML, made once.</summary>
    public ReadOnlyMemory<byte> Xml => _xml.Value;

    /// <summary><c>$metadata</c> as CSDL JSON, made once.</summary>
    public ReadOnlyMemory<byte> Json => _json.Value;

    public TableSchema TableOf(IEdmEntityType type) => _tables[type];
}
