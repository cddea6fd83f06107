using System.Collections.Immutable;

namespace CoupaGateway.OData.Deltas;

/// <summary>Since when a client wants changes: the version of the table that it has read.</summary>
/// <param name="Version">Number of the version.</param>
/// <param name="Schema">Short name of the schema that its chunks were written with.</param>
/// <param name="Since">When it was committed. Whatever changes later has a later <c>_changed_at</c>, and whatever goes later is a later deletion.</param>
/// <param name="Chunks">The beginnings of its chunks' hashes: those chunks have no changes. Default when they were too many.</param>
internal sealed record DeltaToken(long Version, string Schema, DateTime Since, ImmutableArray<string> Chunks);
