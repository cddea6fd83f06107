namespace CoupaGateway.Sandbox.Tenants;

/// <summary>A requisition; <see cref="Order"/> is the order it became.</summary>
internal sealed record RequisitionFacts(
    long Index, long Id, OrderFacts? Order, long SupplierId, long RequesterId, long CurrencyId, string Status, long Created, long Updated)
{
    private IReadOnlyList<RequisitionLineFacts>? _lines;

    public required Func<RequisitionFacts, IReadOnlyList<RequisitionLineFacts>> MakeLines { private get; init; }

    public IReadOnlyList<RequisitionLineFacts> Lines => _lines ??= MakeLines(this);

    public long Total => Lines.Sum(l => l.Total);
}
