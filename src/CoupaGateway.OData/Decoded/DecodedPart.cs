using System.Runtime.InteropServices;

namespace CoupaGateway.OData.Decoded;

/// <summary>Up to 2,048 rows of a <see cref="DecodedChunk"/>.</summary>
/// <param name="Handle">DuckDB's data chunk, which outlives the query that made it.</param>
/// <param name="Bytes">Memory that it takes.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DecodedPart(nint Handle, int Rows, long Bytes);
