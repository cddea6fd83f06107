using System.Collections.Immutable;
using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Sampling;

/// <summary>A table of a sample.</summary>
/// <param name="RowCount">Rows that all records of the sample made.</param>
/// <param name="Rows">Those of the first records, in the order of the columns: string, long, decimal, bool, DateTimeOffset, DateOnly or null.</param>
/// <param name="EmptyColumns">Columns that are null in every row.</param>
public sealed record SampledTable(TableSchema Table, int RowCount, ImmutableArray<ImmutableArray<object?>> Rows, ImmutableArray<string> EmptyColumns);
