namespace CoupaGateway.Sandbox.Tenants;

/// <summary>An invoice; <see cref="Order"/> is the order it bills, if any. Money in cents.</summary>
internal sealed record InvoiceFacts(
    long Index, long Id, OrderFacts? Order, long SupplierId, long RequesterId, long CurrencyId, string Status, bool Paid, int TaxPercent,
    long Shipping, long Handling, long Misc, long Created, long Updated)
{
    private IReadOnlyList<InvoiceLineFacts>? _lines;

    public required Func<InvoiceFacts, IReadOnlyList<InvoiceLineFacts>> MakeLines { private get; init; }

    public IReadOnlyList<InvoiceLineFacts> Lines => _lines ??= MakeLines(this);

    public string Number => $"INV-{Id:0000000}";

    public long LinesTotal => Lines.Sum(l => l.Total);

    public long Tax => LinesTotal * TaxPercent / 100;

    public long GrossTotal => LinesTotal + Tax + Shipping + Handling + Misc;

    public long PaymentDate => Math.Min(Updated, Created + (20 * 86_400));
}
