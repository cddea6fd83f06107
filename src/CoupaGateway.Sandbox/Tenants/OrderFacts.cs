namespace CoupaGateway.Sandbox.Tenants;

/// <summary>An order and what has come of it.</summary>
internal sealed record OrderFacts(
    long Index, long Id, long RequisitionIndex, long SupplierId, long RequesterId, long CurrencyId, string Status, long Created, long Updated)
{
    private IReadOnlyList<OrderLineFacts>? _lines;

    public required Func<OrderFacts, IReadOnlyList<OrderLineFacts>> MakeLines { private get; init; }

    public IReadOnlyList<OrderLineFacts> Lines => _lines ??= MakeLines(this);

    public string Number => $"PO-{Id:0000000}";

    public long Total => Lines.Sum(l => l.Total);
}
