using System.Runtime.InteropServices;

namespace CoupaGateway.Coupa.Paging;

/// <summary>
/// How far a resource has been read, in the order of ids. Small and stable: a checkpoint can keep it and go on with it later.
/// </summary>
/// <param name="Id">The last id read.</param>
/// <param name="Seen">0: all records with this id are read. Otherwise the number of records with this id that are read, and there may be more.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PageCursor(long Id, int Seen = 0);
