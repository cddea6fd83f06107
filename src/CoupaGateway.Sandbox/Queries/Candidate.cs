using CoupaGateway.Sandbox.Records;

namespace CoupaGateway.Sandbox.Queries;

/// <summary>A record that may be in a list: a generated one by its rank, or a changed one.</summary>
internal readonly record struct Candidate(long Id, long Key, long Rank, IRecord? Changed);
