using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.OData.Decoded;

/// <summary>Names a chunk's rows with some of its columns.</summary>
/// <param name="Hash">What is in the chunk: it never changes.</param>
/// <param name="Items">The SELECT list.</param>
internal readonly record struct DecodedKey(TableId Table, string Hash, string Items);
