using System.Runtime.InteropServices;

namespace CoupaGateway.Coupa.Paging;

/// <summary>What one look at a page tells.</summary>
/// <param name="Count">Records in the page.</param>
/// <param name="FirstId">Id of the first record that has one.</param>
/// <param name="LastId">Id of the last record that has one.</param>
/// <param name="SinceLastId">Records from the first one with <paramref name="LastId"/> to the end of the page.</param>
/// <param name="WithoutId">Records without a usable id.</param>
/// <param name="IsAscending">No id is smaller than the one before.</param>
/// <param name="HasRepeatedIds">An id stands in two records that follow each other.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageScan(int Count, long? FirstId, long? LastId, int SinceLastId, int WithoutId, bool IsAscending, bool HasRepeatedIds);
