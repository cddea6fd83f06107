using System.Text.Json.Nodes;

namespace CoupaGateway.Sandbox;

/// <summary>A row that a table must have, taken from the data rather than from answers.</summary>
/// <param name="Record">Id of the record that the row is, or is in.</param>
/// <param name="Key">What identifies that record: its id, but for an order revision the id of its revision record.</param>
/// <param name="Position">Indices in the arrays from the record down to the row; empty for the record itself, 0 for an object.</param>
/// <param name="Ids">Ids of the elements on that way, the row's own last; null where an element has none.</param>
/// <param name="Values">All fields of the row, and of objects that it refers to all scalars; not what is nested in it.</param>
public sealed record SandboxRow(long Record, long Key, IReadOnlyList<int> Position, IReadOnlyList<long?> Ids, JsonObject Values);
