using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace CoupaGateway.Metadata.Rest;

/// <summary>A table of the preview.</summary>
/// <param name="Rows">Rows as the feed would serve them, pseudonymized.</param>
/// <param name="RowCount">Rows that all records looked at make.</param>
/// <param name="EmptyColumns">Columns without a value in any of these.</param>
internal sealed record PreviewTable(string Name, int RowCount, ImmutableArray<JsonObject> Rows, ImmutableArray<string> EmptyColumns);
