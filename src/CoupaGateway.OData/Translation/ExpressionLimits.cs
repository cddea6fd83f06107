using System.Runtime.InteropServices;

namespace CoupaGateway.OData.Translation;

/// <summary>How large the expressions of one request may be.</summary>
/// <param name="Depth">Levels of nesting.</param>
/// <param name="Nodes">Operators, functions, properties and literals.</param>
/// <param name="Navigations">Uses of navigation properties, each of which reads a table.</param>
[StructLayout(LayoutKind.Auto)]
internal sealed record ExpressionLimits(int Depth, int Nodes, int Navigations);
