using CoupaGateway.Schema;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Model;

/// <summary>What one schema revision is to clients, and the tables behind it.</summary>
internal sealed class FeedModel(SharedModel shared, SchemaRevision schema)
{
    public IEdmModel Edm => shared.Edm;

    /// <inheritdoc cref="SharedModel.Xml" />
    public ReadOnlyMemory<byte> Xml => shared.Xml;

    /// <inheritdoc cref="SharedModel.Json" />
    public ReadOnlyMemory<byte> Json => shared.Json;

    /// <param name="type">An entity type of <see cref="Edm"/>.</param>
    public TableSchema TableOf(IEdmEntityType type) => schema.TryGetTable(type.Name, out var table) ? table : schema.System.First(system => system.Name == type.Name);
}
