namespace CoupaGateway.Sandbox.Tenants;

/// <summary>The receipt of an order line into a warehouse.</summary>
internal sealed record ReceiptFacts(OrderLineFacts Line, long Created, long Updated);
