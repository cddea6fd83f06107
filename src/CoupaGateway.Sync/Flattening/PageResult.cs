using System.Runtime.InteropServices;

namespace CoupaGateway.Sync.Flattening;

/// <summary>What came of a page.</summary>
/// <param name="Records">Elements of the page's array.</param>
/// <param name="Stored">Of those, the records that are now in the buffers.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageResult(int Records, int Stored);
