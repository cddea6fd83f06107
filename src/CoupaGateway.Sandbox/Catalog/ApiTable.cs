namespace CoupaGateway.Sandbox.Catalog;

/// <summary>A table of the API's records, with the tables nested in them. Several tables may read one resource.</summary>
internal sealed record ApiTable(string Name, string Resource, ApiClass Class, string Scope, IReadOnlyList<NestedTable> Nested);
