namespace CoupaGateway.Sandbox.Tenants;

/// <summary>A line of a requisition; <see cref="OrderLine"/> is the order line it became.</summary>
internal sealed record RequisitionLineFacts(
    RequisitionFacts Requisition, int Position, long Id, long ItemId, long Price, long Quantity, OrderLineFacts? OrderLine)
{
    public long Total => Price * Quantity;
}
