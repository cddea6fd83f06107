namespace CoupaGateway.Coupa.Testing;

/// <summary>An API table that a connection selects.</summary>
/// <param name="Name">Name of the table.</param>
/// <param name="Resource">Path of its resource below /api.</param>
/// <param name="Scope">OAuth scope that reading it needs; empty when it is not known, as of tables in custom metadata that name none.</param>
/// <param name="IdIsUnique">Whether the record's id identifies it.</param>
/// <param name="HasWatermark">Whether records tell when they changed.</param>
public sealed record TestTable(string Name, string Resource, string Scope, bool IdIsUnique, bool HasWatermark);
