using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Tenants;

/// <summary>
/// The purchase-to-pay histories: which requisition became which order, what of it was received, billed, approved and paid, and when.
/// Nothing is kept: each fact is worked out from the index of its document.
/// </summary>
/// <remarks>
/// <code>
/// requisition ──(0–10 days)──► order ──(2–30 days)──► receipts
///      │                         └─(3–45 days)──► invoices ──► approvals ──► payment
///      └► approvals
/// </code>
/// Document n of N of a kind was created about n/N through the time of the tenant, which lets a time window be turned into a range of ids.
/// </remarks>
internal sealed class History
{
    public const long Hour = 3_600;
    public const long Day = 24 * Hour;

    /// <summary>2023-07-01: the first document.</summary>
    public const long Begin = 1_688_169_600;

    /// <summary>2026-06-30: nothing that the seed made is newer.</summary>
    public const long End = 1_782_777_600;

    /// <summary>How long after its place in time a document can have been changed last.</summary>
    public const long MaxLag = 160 * Day;

    private static readonly int[] LinesPerOrder = [1, 2, 3, 4, 5, 2, 3, 4];
    private static readonly int[] ReceiptsPerOrder = [1, 2, 3, 4, 5, 0, 1, 2];
    private static readonly int[] RevisionsPerOrder = [1, 2, 3, 1, 2, 4, 1, 2];
    private static readonly int[] ApprovalsPerRequisition = [1, 2, 3, 1, 2, 1, 2, 2];
    private static readonly int[] ApprovalsPerInvoice = [1, 2, 1, 1, 2, 1, 3, 1];

    private readonly ulong _seed;
    private readonly TenantSize _size;

    public History(ulong seed, TenantSize size, long firstUserId)
    {
        _seed = seed;
        _size = size;
        Suppliers = new GappedKeys(size.Suppliers, 101, Seed("supplier"));
        Users = new GappedKeys(size.Users, firstUserId, Seed("user"));
        Requisitions = new GappedKeys(size.Requisitions, 1_001, Seed("requisition"));
        Orders = new GappedKeys(size.Orders, 2_001, Seed("order"));
        Invoices = new GappedKeys(size.Invoices, 3_001, Seed("invoice"));
        var turn = Seed("pattern");
        OrderLines = new PatternKeys(new Pattern(size.Orders, LinesPerOrder, turn), 5_001);
        Receipts = new PatternKeys(new Pattern(size.Orders, ReceiptsPerOrder, turn), 7_001);
        RevisionPattern = new Pattern(size.Orders, RevisionsPerOrder, Seed("revision"));
        RequisitionApprovals = new PatternKeys(new Pattern(size.Requisitions, ApprovalsPerRequisition, Seed("requisition-approval")), 101);
        InvoiceApprovals = new PatternKeys(new Pattern(size.Invoices, ApprovalsPerInvoice, Seed("invoice-approval")), RequisitionApprovals.End);
    }

    public IKeySpace Suppliers { get; }

    public IKeySpace Users { get; }

    public IKeySpace Requisitions { get; }

    public IKeySpace Orders { get; }

    public IKeySpace Invoices { get; }

    public PatternKeys OrderLines { get; }

    public PatternKeys Receipts { get; }

    public Pattern RevisionPattern { get; }

    public PatternKeys RequisitionApprovals { get; }

    public PatternKeys InvoiceApprovals { get; }

    /// <summary>The time that a document's place in the order of its kind stands for; it is not created before.</summary>
    public static long PlaceInTime(long index, long count) => Begin + (long)((Int128)(End - MaxLag - Begin) * index / Math.Max(1, count));

    public RequisitionFacts Requisition(long index)
    {
        var orderIndex = OrderOfRequisition(index);
        var order = orderIndex < 0 ? null : Order(orderIndex);
        var hash = Hash("requisition", index);
        var created = RequisitionCreated(index);
        var status = order is null
            ? Choose(Hashing.Mix(hash, 1), ("draft", 15), ("cart", 10), ("pending_approval", 30), ("approved", 20), ("pending_buyer_action", 10), ("abandoned", 10), ("withdrawn", 5))
            : order.Lines.All(l => l.Received == l.Quantity) ? "received"
            : order.Lines.Any(l => l.Received > 0) ? "partially_received" : "ordered";
        var updated = Math.Max(LastChange(created, Hashing.Mix(hash, 2)), order?.Created ?? 0);
        return new RequisitionFacts(
            index, Requisitions.IdAt(index), order, order?.SupplierId ?? PickSupplier(hash), order?.RequesterId ?? PickUser(hash),
            order?.CurrencyId ?? PickCurrency(hash), status, created, updated)
        {
            MakeLines = RequisitionLines,
        };
    }

    public OrderFacts Order(long index)
    {
        var hash = Hash("order", index);
        var requisition = RequisitionOfOrder(index);
        var created = OrderCreated(index);
        return new OrderFacts(
            index, Orders.IdAt(index), requisition, PickSupplier(hash), PickUser(hash), PickCurrency(hash), OrderStatus(index, hash), created,
            LastChange(created, Hashing.Mix(hash, 2)))
        {
            MakeLines = Lines,
        };
    }

    public InvoiceFacts Invoice(long index)
    {
        var hash = Hash("invoice", index);
        var orderIndex = OrderOfInvoice(index);
        var order = orderIndex < 0 ? null : Order(orderIndex);
        var created = (order?.Created ?? PlaceInTime(index, _size.Invoices)) + (3 * Day) + Hashing.Below(Hashing.Mix(hash, 3), 42 * Day);
        var status = InvoiceStatus(index);
        var paid = status == "approved" && hash % 4 != 0;
        return new InvoiceFacts(
            index, Invoices.IdAt(index), order, order?.SupplierId ?? PickSupplier(hash), order?.RequesterId ?? PickUser(hash),
            order?.CurrencyId ?? PickCurrency(hash), status, paid, new[] { 0, 7, 19, 20 }[(int)(hash % 4)],
            Shipping: hash % 3 == 0 ? 1_250 : 0, Handling: hash % 5 == 0 ? 499 : 0, Misc: hash % 11 == 0 ? 100 : 0,
            created, LastChange(created, Hashing.Mix(hash, 2)))
        {
            MakeLines = InvoiceLines,
        };
    }

    /// <summary>The approvals of a requisition, in the order of their steps.</summary>
    public IReadOnlyList<ApprovalFacts> ApprovalsOf(RequisitionFacts requisition) => Approvals(
        RequisitionApprovals, "RequisitionHeader", requisition.Id, requisition.Index, requisition.Created, requisition.Updated,
        requisition.Status is "draft" or "cart" ? "new" : requisition.Status == "pending_approval" ? "pending" : "approved");

    /// <summary>The approvals of an invoice, in the order of their steps.</summary>
    public IReadOnlyList<ApprovalFacts> ApprovalsOf(InvoiceFacts invoice) => Approvals(
        InvoiceApprovals, "InvoiceHeader", invoice.Id, invoice.Index, invoice.Created, invoice.Updated,
        invoice.Status switch
        {
            "pending_approval" => "pending",
            "rejected" => "rejected",
            "draft" or "new" => "new",
            _ => "approved",
        });

    public ReceiptFacts Receipt(long orderIndex, int position)
    {
        var order = Order(orderIndex);
        var hash = Hash("receipt", (orderIndex * 8) + position);
        var created = order.Created + (2 * Day) + Hashing.Below(hash, 28 * Day);
        return new ReceiptFacts(order.Lines[position], created, LastChange(created, Hashing.Mix(hash, 2)));
    }

    public RevisionFacts Revision(long orderIndex, int number)
    {
        var order = Order(orderIndex);
        var share = number == 0 ? 0 : (order.Updated - order.Created) * number / RevisionPattern.CountOf(orderIndex);
        return new RevisionFacts(order, number, RevisionKeys.KeyOf(orderIndex, number), order.Created + share);
    }

    /// <summary>The quantity of an order line that invoices have billed.</summary>
    public long Invoiced(OrderLineFacts line) => LinesBilling(line.Order.Index, line.Position)
        .Where(b => InvoiceStatus(b.Invoice) is not ("voided" or "rejected" or "abandoned"))
        .Sum(_ => Unit(line.Order.Index, line.Position));

    /// <summary>The shares of a line's total; they sum up to it to the cent.</summary>
    public static IReadOnlyList<AllocationFacts> Allocations(ulong seed, long total)
    {
        var account = 1 + Hashing.Below(Hashing.Mix(seed, 1), 200);
        if (seed % 3 != 0)
            return [new AllocationFacts(total, 10_000, account)];
        var first = total * 6 / 10;
        return [new AllocationFacts(first, 6_000, account), new AllocationFacts(total - first, 4_000, 1 + (account % 200))];
    }

    public ulong Hash(string kind, long index) => Hashing.Mix(Seed(kind), (ulong)index);

    private static string Choose(ulong hash, params ReadOnlySpan<(string Value, int Weight)> choices)
    {
        var rest = (int)(hash % 100);
        foreach (var (value, weight) in choices)
        {
            if (rest < weight)
                return value;
            rest -= weight;
        }

        return choices[^1].Value;
    }

    // Late changes thin out; one in seven comes from a nightly job, so that many records share its time.
    private static long LastChange(long created, ulong hash)
    {
        var lag = Hashing.Below(hash, 60 * Day);
        var updated = created + (hash % 3 == 0 ? lag : lag / 20);
        return hash % 7 == 0 ? (((updated / Day) + 1) * Day) + (2 * Hour) : updated;
    }

    private ulong Seed(string kind) => Hashing.Mix(_seed, Hashing.Of(kind));

    private long PickSupplier(ulong hash) => Suppliers.IdAt(Hashing.Below(Hashing.Mix(hash, 21), _size.Suppliers));

    private long PickUser(ulong hash) => Users.IdAt(Hashing.Below(Hashing.Mix(hash, 22), _size.Users));

    // Most documents are in the first two currencies.
    private static long PickCurrency(ulong hash) => hash % 10 < 8 ? 1 + (long)(hash % 2) : 3 + (long)(hash % 8);

    private long RequisitionOfOrder(long order) => order * _size.Requisitions / _size.Orders;

    private long OrderOfRequisition(long requisition)
    {
        var order = ((requisition * _size.Orders) + _size.Requisitions - 1) / _size.Requisitions;
        return order < _size.Orders && RequisitionOfOrder(order) == requisition ? order : -1;
    }

    // One invoice in ten has no order behind it.
    private long OrderOfInvoice(long invoice) => Hash("backed", invoice) % 10 == 0 ? -1 : invoice * _size.Orders / _size.Invoices;

    private long RequisitionCreated(long index) => PlaceInTime(index, _size.Requisitions) + Hashing.Below(Hash("time", index), 6 * Hour);

    private long OrderCreated(long index) =>
        RequisitionCreated(RequisitionOfOrder(index)) + Hour + Hashing.Below(Hash("order-time", index), 10 * Day);

    private string InvoiceStatus(long index) => Choose(
        Hashing.Mix(Hash("invoice", index), 1),
        ("approved", 62), ("pending_approval", 12), ("draft", 5), ("disputed", 4), ("on_hold", 4), ("new", 2), ("voided", 3), ("pending_receipt", 4), ("rejected", 2), ("abandoned", 2));

    private string OrderStatus(long index, ulong hash)
    {
        var received = Receipts.Pattern.CountOf(index);
        if (received == OrderLines.Pattern.CountOf(index) && LinesOf(index).All(l => l.Received == l.Quantity))
            return "closed";
        return received > 0 || LinesBilling(index, 0).Any()
            ? "issued"
            : Choose(hash, ("draft", 20), ("cancelled", 25), ("buyer_hold", 10), ("error", 5), ("issued", 40));
    }

    private long Unit(long order, int position) => 1 + Hashing.Below(Hash("unit", (order * 8) + position), 20);

    private IEnumerable<(long Invoice, int Line)> LinesBilling(long order, int position)
    {
        var lines = OrderLines.Pattern.CountOf(order);
        var first = ((order * _size.Invoices) + _size.Orders - 1) / _size.Orders;
        for (var invoice = first; invoice < _size.Invoices && invoice * _size.Orders / _size.Invoices == order; invoice++)
        {
            if (OrderOfInvoice(invoice) < 0)
                continue;
            for (var line = position; line < InvoiceLineCount(invoice); line += lines)
                yield return (invoice, line);
        }
    }

    private IEnumerable<(long Quantity, long Received)> LinesOf(long order)
    {
        var receipts = Receipts.Pattern.CountOf(order);
        for (var position = 0; position < OrderLines.Pattern.CountOf(order); position++)
        {
            var quantity = Unit(order, position) * Math.Max(1, LinesBilling(order, position).Count());
            var received = position >= receipts ? 0 : Hash("short", (order * 8) + position) % 6 == 0 ? Math.Max(1, quantity / 2) : quantity;
            yield return (quantity, received);
        }
    }

    private List<OrderLineFacts> Lines(OrderFacts order) =>
    [
        .. LinesOf(order.Index).Select((line, position) =>
        {
            var hash = Hash("order-line", (order.Index * 8) + position);
            return new OrderLineFacts(
                order, position, OrderLines.IdOf(order.Index, position), PickItem(hash), PickPrice(hash), line.Quantity, line.Received);
        }),
    ];

    private List<RequisitionLineFacts> RequisitionLines(RequisitionFacts requisition)
    {
        var first = 4_001 + (requisition.Index * 8);
        if (requisition.Order is { } order)
            return [.. order.Lines.Select(l => new RequisitionLineFacts(requisition, l.Position, first + l.Position, l.ItemId, l.Price, l.Quantity, l))];
        var hash = Hash("requisition-lines", requisition.Index);
        return
        [
            .. Enumerable.Range(0, 1 + (int)(hash % 4)).Select(position =>
            {
                var line = Hashing.Mix(hash, (ulong)position);
                return new RequisitionLineFacts(requisition, position, first + position, PickItem(line), PickPrice(line), 1 + (long)(line % 20), null);
            }),
        ];
    }

    private int InvoiceLineCount(long invoice) => 3 + (int)(Hash("invoice-lines", invoice) % 3);

    private List<InvoiceLineFacts> InvoiceLines(InvoiceFacts invoice) =>
    [
        .. Enumerable.Range(0, InvoiceLineCount(invoice.Index)).Select(position =>
        {
            var id = 6_001 + (invoice.Index * 8) + position;
            if (invoice.Order is { } order)
            {
                var line = order.Lines[position % order.Lines.Count];
                return new InvoiceLineFacts(invoice, position, id, line.ItemId, line.Price, Unit(order.Index, line.Position), line);
            }

            var hash = Hash("invoice-line", (invoice.Index * 8) + position);
            return new InvoiceLineFacts(invoice, position, id, PickItem(hash), PickPrice(hash), 1 + (long)(hash % 20), null);
        }),
    ];

    private long PickItem(ulong hash) => 1 + Hashing.Below(Hashing.Mix(hash, 23), _size.SupplierItems);

    private static long PickPrice(ulong hash) => hash % 4 == 0 ? 10_000 + Hashing.Below(Hashing.Mix(hash, 24), 490_000) : 100 + Hashing.Below(hash, 9_900);

    private List<ApprovalFacts> Approvals(PatternKeys keys, string type, long id, long index, long created, long updated, string outcome)
    {
        var count = keys.Pattern.CountOf(index);
        var step = (updated - created) / (count + 1);
        return
        [
            .. Enumerable.Range(0, count).Select(position =>
            {
                // All steps but the last are done while the last waits or was refused.
                var last = position == count - 1;
                var status = outcome is "pending" or "rejected" && !last ? "approved" : outcome;
                var decided = status is "approved" or "rejected" ? created + (step * (position + 1)) : (long?)null;
                return new ApprovalFacts(
                    type, id, position + 1, PickUser(Hash(type, (index * 8) + position)), status, decided, created, decided ?? updated);
            }),
        ];
    }
}
