using System.Collections.Immutable;

namespace CoupaGateway.OData.Anonymity;

/// <summary>The sizes of the groups that rows fall into.</summary>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Groups">Different combinations of values.</param>
/// <param name="Smallest">Rows of the smallest group: the table is k-anonymous for this k. 0 for a table without rows.</param>
/// <param name="SmallGroups">Groups that are smaller than was asked for.</param>
/// <param name="SmallGroupRows">Rows in them.</param>
/// <param name="Sizes">All groups by size.</param>
public sealed record GroupSizes(long Rows, long Groups, long Smallest, long SmallGroups, long SmallGroupRows, ImmutableArray<GroupSizeBand> Sizes);
