namespace CoupaGateway.Sandbox.Tenants;

/// <summary>A line of an order. Money in cents, quantities in whole units.</summary>
internal sealed record OrderLineFacts(OrderFacts Order, int Position, long Id, long ItemId, long Price, long Quantity, long Received)
{
    public long Total => Price * Quantity;
}
