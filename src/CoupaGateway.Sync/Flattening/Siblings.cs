using System.Runtime.InteropServices;

namespace CoupaGateway.Sync.Flattening;

/// <summary>The elements of one array under one parent.</summary>
/// <param name="Array">Names the array among all that were read.</param>
/// <param name="FirstRow">Row of its first element.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Siblings(long Array, int FirstRow);
