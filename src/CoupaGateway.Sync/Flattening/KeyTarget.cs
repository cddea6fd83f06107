namespace CoupaGateway.Sync.Flattening;

/// <summary>A column of a table further down that repeats the key of a row above it.</summary>
/// <param name="Table">Index of the table in its plan.</param>
/// <param name="Column">Index of the column in its table; negative when that table does not repeat the key.</param>
internal sealed record KeyTarget(int Table, int Column);
