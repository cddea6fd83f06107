namespace CoupaGateway.Sandbox.Tenants;

/// <summary>A line of an invoice; <see cref="OrderLine"/> is the order line it bills, if any.</summary>
internal sealed record InvoiceLineFacts(InvoiceFacts Invoice, int Position, long Id, long ItemId, long Price, long Quantity, OrderLineFacts? OrderLine)
{
    public long Total => Price * Quantity;
}
