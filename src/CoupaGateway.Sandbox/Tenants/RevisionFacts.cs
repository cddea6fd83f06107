namespace CoupaGateway.Sandbox.Tenants;

/// <summary>One change of an order: its number from zero, and when it happened.</summary>
internal sealed record RevisionFacts(OrderFacts Order, int Number, long RecordId, long Created);
