using CoupaGateway.Sandbox.Catalog;

namespace CoupaGateway.Sandbox.Records;

/// <summary>A field to write, with the projection of its objects.</summary>
internal sealed record ProjectionItem(ApiField Field, Projection? Inner);
