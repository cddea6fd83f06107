using System.Globalization;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Tenants;

/// <summary>Ties the fields of the classes to the histories, so that documents name each other and their sums add up.</summary>
internal sealed class TenantRules(Tenant tenant)
{
    private readonly ApiCatalog _catalog = ApiCatalog.Instance;
    private readonly FieldRule?[] _rules = new FieldRule?[ApiCatalog.Instance.SlotCount];

    public FieldRule?[] Build()
    {
        MasterData();
        Requisitions();
        Orders();
        Revisions();
        Invoices();
        Approvals();
        Receipts();
        return _rules;
    }

    private static Scalar Money(long cents) => Scalar.Decimal(cents);

    private static Scalar Quantity(long units) => Scalar.Decimal(units * 10_000, 4);

    private void MasterData()
    {
        Text("Supplier", "number", n => $"S{n.Id:000000}");
        Text("Supplier", "status", n => n.Seed % 12 == 0 ? "inactive" : "active");
        Text("Contract", "number", n => $"C-{n.Id:00000}");
        Text("Contract", "status", n => new[] { "draft", "published", "published", "expired" }[(int)(n.Seed % 4)]);
        Text("Item", "item-number", n => $"IT-{n.Id:000000}");
        Reference("SupplierItem", "item", n => tenant.History.Hash("item", n.Id) is var h ? 1 + Hashing.Below(h, tenant.Size.SupplierItems) : null);
        Reference("SupplierItem", "supplier", n => AnySupplier(n.Seed));
        Reference("Contract", "supplier", n => AnySupplier(n.Seed));
        Required("SupplierItem", "currency", n => tenant.Reference("Currency", 1 + (long)(n.Seed % 2)));
        Required("Contract", "currency", n => tenant.Reference("Currency", 1 + (long)(n.Seed % 2)));
    }

    private void Requisitions()
    {
        const string Header = "RequisitionHeader";
        Text<RequisitionFacts>(Header, "status", f => f.Status);
        Text<RequisitionFacts>(Header, "req-title", f => $"Requisition {f.Id}");
        Value<RequisitionFacts>(Header, "total", f => Money(f.Total));
        Value<RequisitionFacts>(Header, "line-count", f => Scalar.Integer(f.Lines.Count));
        Value<RequisitionFacts>(Header, "submitted-at", f => f.Status is "draft" or "cart" ? Scalar.Null : Scalar.Instant(f.Created));
        Value<RequisitionFacts>(Header, "revision", f => Scalar.Integer(1 + (f.Id % 3)));
        Reference<RequisitionFacts>(Header, "requested-by", f => f.RequesterId);
        Reference<RequisitionFacts>(Header, "created-by", f => f.RequesterId);
        Reference<RequisitionFacts>(Header, "currency", f => f.CurrencyId);
        List(Header, "requisition-lines", n => n.Facts is RequisitionFacts f ? Lines(n, f.Lines, "RequisitionLine", l => l.Id) : null);
        List(Header, "approvals", n => n.Facts is RequisitionFacts f ? ApprovalNodes(tenant.History.RequisitionApprovals, f.Index, tenant.History.ApprovalsOf(f)) : null);
        List(Header, "current-parallel-approvals", n => n.Facts is RequisitionFacts { Status: "pending_approval" } f
            ? [.. ApprovalNodes(tenant.History.RequisitionApprovals, f.Index, tenant.History.ApprovalsOf(f)).TakeLast(1)]
            : []);
        Required(Header, "current-approval", n => n.Facts is RequisitionFacts { Status: "pending_approval" } f
            ? ApprovalNodes(tenant.History.RequisitionApprovals, f.Index, tenant.History.ApprovalsOf(f))[^1]
            : null);

        const string Line = "RequisitionLine";
        Value<RequisitionLineFacts>(Line, "line-num", f => Scalar.Integer(f.Position + 1));
        Value<RequisitionLineFacts>(Line, "quantity", f => Quantity(f.Quantity));
        Value<RequisitionLineFacts>(Line, "unit-price", f => Money(f.Price));
        Value<RequisitionLineFacts>(Line, "total", f => Money(f.Total));
        Value<RequisitionLineFacts>(Line, "order-line-id", f => f.OrderLine is { } line ? Scalar.Integer(line.Id) : Scalar.Null);
        Text<RequisitionLineFacts>(Line, "description", f => Description(f.ItemId));
        Text<RequisitionLineFacts>(Line, "status", f => f.OrderLine is null ? f.Requisition.Status : "ordered");
        Reference<RequisitionLineFacts>(Line, "supplier", f => f.Requisition.SupplierId);
        Reference<RequisitionLineFacts>(Line, "item", f => f.ItemId);
        Reference<RequisitionLineFacts>(Line, "currency", f => f.Requisition.CurrencyId);
        List(Line, "account-allocations", n => n.Facts is RequisitionLineFacts f ? Shares(n, f.Total, "ReqLineAllocation") : null);
        Allocation("ReqLineAllocation");
    }

    private void Orders()
    {
        const string Header = "OrderHeader";
        Text<OrderFacts>(Header, "po-number", f => f.Number);
        Text<OrderFacts>(Header, "status", f => f.Status);
        Value<OrderFacts>(Header, "total", f => Money(f.Total));
        Value<OrderFacts>(Header, "version", f => Scalar.Integer(tenant.History.RevisionPattern.CountOf(f.Index)));
        Value<OrderFacts>(Header, "revision", f => Scalar.Integer(tenant.History.RevisionPattern.CountOf(f.Index)));
        Reference<OrderFacts>(Header, "supplier", f => f.SupplierId);
        Reference<OrderFacts>(Header, "currency", f => f.CurrencyId);
        Reference<OrderFacts>(Header, "ship-to-user", f => f.RequesterId);
        Reference<OrderFacts>(Header, "requisition-header", f => tenant.History.Requisitions.IdAt(f.RequisitionIndex));
        List(Header, "order-lines", n => n.Facts is OrderFacts f ? Lines(n, f.Lines, "OrderLine", l => l.Id) : null);
        List(Header, "revision-records", n => n.Facts is OrderFacts f
            ? [.. Enumerable.Range(0, tenant.History.RevisionPattern.CountOf(f.Index)).Select(i => OrderRevisionRecord(n, tenant.History.Revision(f.Index, i)))]
            : null);
        Value<RevisionFacts>("RevisionRecord", "revision", f => Scalar.Integer(f.Number + 1));

        const string Line = "OrderLine";
        Text<OrderLineFacts>(Line, "line-num", f => (f.Position + 1).ToString());
        Value<OrderLineFacts>(Line, "order-header-id", f => Scalar.Integer(f.Order.Id));
        Text<OrderLineFacts>(Line, "order-header-number", f => f.Order.Number);
        Value<OrderLineFacts>(Line, "price", f => Money(f.Price));
        Value<OrderLineFacts>(Line, "quantity", f => Quantity(f.Quantity));
        Value<OrderLineFacts>(Line, "total", f => Money(f.Total));
        Value<OrderLineFacts>(Line, "accounting-total", f => Money(f.Total));
        Value<OrderLineFacts>(Line, "received", f => Quantity(f.Received));
        Value<OrderLineFacts>(Line, "invoiced", f => Quantity(tenant.History.Invoiced(f)));
        Text<OrderLineFacts>(Line, "description", f => Description(f.ItemId));
        Text<OrderLineFacts>(Line, "status", f => f.Received == f.Quantity ? "received" : f.Order.Status);
        Value<OrderLineFacts>(Line, "requisition-line-id", f => Scalar.Integer(4_001 + (f.Order.RequisitionIndex * 8) + f.Position));
        Reference<OrderLineFacts>(Line, "supplier", f => f.Order.SupplierId);
        Reference<OrderLineFacts>(Line, "requester", f => f.Order.RequesterId);
        Reference<OrderLineFacts>(Line, "item", f => f.ItemId);
        Reference<OrderLineFacts>(Line, "currency", f => f.Order.CurrencyId);
        Reference<OrderLineFacts>(Line, "accounting-total-currency", f => f.Order.CurrencyId);
        List(Line, "account-allocations", n => n.Facts is OrderLineFacts f ? Shares(n, f.Total, "OrderLineAllocation") : null);
        Allocation("OrderLineAllocation");
    }

    private void Revisions()
    {
        Required("OrderHeaderRevision", "revision-record", n => n.Facts is RevisionFacts f
            ? new Node(_catalog.Class("PurchaseOrderRevisionRecord"), f.RecordId, Hashing.Mix(n.Seed, 1), f.Created, f.Created, f)
            : null);
        Value<RevisionFacts>("PurchaseOrderRevisionRecord", "revision", f => Scalar.Integer(f.Number + 1));
        Value<RevisionFacts>("PurchaseOrderRevisionRecord", "created-by", f => Scalar.Integer(f.Order.RequesterId));
        Value<RevisionFacts>("OrderHeaderRevision", "created", f => Scalar.Boolean(f.Number == 0));
        Value<RevisionFacts>("OrderHeaderRevision", "deleted", _ => Scalar.Boolean(false));

        // A revision names the lines it touched: all of them when the order is made, then one.
        List("OrderHeaderRevision", "order-lines", n => n.Facts is RevisionFacts f
            ? [.. f.Order.Lines.Where(l => f.Number == 0 || l.Position == f.Number % f.Order.Lines.Count)
                .Select(l => Tenant.Owned(n, _catalog.Class("OrderLineRevision"), l.Id, f) with { Seed = Hashing.Mix(n.Seed, (ulong)l.Id) })]
            : null);
        Put("OrderLineRevision", "line-num", new FieldRule
        {
            Scalar = n => n.Facts is RevisionFacts f ? Scalar.Integer(1 + n.Id - f.Order.Lines[0].Id) : Scalar.Null,
        });
        Value<RevisionFacts>("OrderLineRevision", "created", f => Scalar.Boolean(f.Number == 0));
        Value<RevisionFacts>("OrderLineRevision", "deleted", _ => Scalar.Boolean(false));
    }

    private void Invoices()
    {
        const string Header = "InvoiceHeader";
        Text<InvoiceFacts>(Header, "invoice-number", f => f.Number);
        Text<InvoiceFacts>(Header, "status", f => f.Status);
        Text<InvoiceFacts>(Header, "document-type", _ => "Invoice");
        Value<InvoiceFacts>(Header, "gross-total", f => Money(f.GrossTotal));
        Value<InvoiceFacts>(Header, "total-with-taxes", f => Money(f.GrossTotal));
        Value<InvoiceFacts>(Header, "supplier-total", f => Money(f.GrossTotal));
        Value<InvoiceFacts>(Header, "amount-due", f => Money(f.Paid ? 0 : f.GrossTotal));
        Value<InvoiceFacts>(Header, "tax-rate", f => Scalar.Decimal(f.TaxPercent * 100));
        Value<InvoiceFacts>(Header, "tax-amount", f => Money(f.Tax));
        Value<InvoiceFacts>(Header, "shipping-amount", f => Money(f.Shipping));
        Value<InvoiceFacts>(Header, "handling-amount", f => Money(f.Handling));
        Value<InvoiceFacts>(Header, "misc-amount", f => Money(f.Misc));
        Value<InvoiceFacts>(Header, "line-count", f => Scalar.Integer(f.Lines.Count));
        Value<InvoiceFacts>(Header, "invoice-date", f => Scalar.Instant(f.Created / History.Day * History.Day));

        // Some dates come without a time of day.
        Value<InvoiceFacts>(Header, "net-due-date", f => Scalar.Day((f.Created / History.Day * History.Day) + (30 * History.Day)));
        Value<InvoiceFacts>(Header, "paid", f => Scalar.Boolean(f.Paid));
        Value<InvoiceFacts>(Header, "payment-date", f => f.Paid ? Scalar.Instant(f.PaymentDate) : Scalar.Null);
        Value<InvoiceFacts>(Header, "canceled", f => Scalar.Boolean(f.Status is "voided" or "abandoned"));
        Value<InvoiceFacts>(Header, "currency-id", f => Scalar.Integer(f.CurrencyId));
        Value<InvoiceFacts>(Header, "revision", f => Scalar.Integer(1 + (f.Id % 3)));

        // Decimals are strings nearly everywhere; the writer makes this one a number.
        Value<InvoiceFacts>(Header, "exchange-rate", f => Scalar.Decimal(10_000 + (f.CurrencyId * 137), 4));
        Reference<InvoiceFacts>(Header, "supplier", f => f.SupplierId);
        Reference<InvoiceFacts>(Header, "requested-by", f => f.RequesterId);
        Reference<InvoiceFacts>(Header, "currency", f => f.CurrencyId);
        List(Header, "invoice-lines", n => n.Facts is InvoiceFacts f ? Lines(n, f.Lines, "InvoiceLine", l => l.Id) : null);
        List(Header, "approvals", n => n.Facts is InvoiceFacts f ? ApprovalNodes(tenant.History.InvoiceApprovals, f.Index, tenant.History.ApprovalsOf(f)) : null);
        List(Header, "payments", n => n.Facts is InvoiceFacts { Paid: true } f ? [Tenant.Owned(n, _catalog.Class("Payment"), 1 + n.Id, f)] : []);
        List(Header, "tax-lines", n => n.Facts is InvoiceFacts { Tax: > 0 } f ? [Tenant.Owned(n, _catalog.Class("TaxLine"), 1 + n.Id, f)] : []);
        Value<InvoiceFacts>("Payment", "amount-paid", f => Money(f.GrossTotal));
        Value<InvoiceFacts>("Payment", "payable-id", f => Scalar.Integer(f.Id));
        Text<InvoiceFacts>("Payment", "payable-type", _ => "InvoiceHeader");
        Value<InvoiceFacts>("Payment", "payment-date", f => Scalar.Instant(f.PaymentDate));
        Value<InvoiceFacts>("TaxLine", "amount", f => Money(f.Tax));
        Value<InvoiceFacts>("TaxLine", "rate", f => Scalar.Decimal(f.TaxPercent * 100));
        Value<InvoiceFacts>("TaxLine", "base", f => Money(f.LinesTotal));

        const string Line = "InvoiceLine";
        Value<InvoiceLineFacts>(Line, "line-num", f => Scalar.Integer(f.Position + 1));
        Value<InvoiceLineFacts>(Line, "price", f => Money(f.Price));
        Value<InvoiceLineFacts>(Line, "quantity", f => Quantity(f.Quantity));
        Value<InvoiceLineFacts>(Line, "total", f => Money(f.Total));
        Value<InvoiceLineFacts>(Line, "accounting-total", f => Money(f.Total));
        Text<InvoiceLineFacts>(Line, "description", f => Description(f.ItemId));
        Value<InvoiceLineFacts>(Line, "order-line-id", f => f.OrderLine is { } line ? Scalar.Integer(line.Id) : Scalar.Null);
        Text<InvoiceLineFacts>(Line, "order-line-num", f => f.OrderLine is { } line ? (line.Position + 1).ToString() : null);
        Text<InvoiceLineFacts>(Line, "order-header-num", f => f.OrderLine?.Order.Id.ToString());
        Text<InvoiceLineFacts>(Line, "po-number", f => f.OrderLine?.Order.Number);
        Reference<InvoiceLineFacts>(Line, "item", f => f.ItemId);
        Reference<InvoiceLineFacts>(Line, "currency", f => f.Invoice.CurrencyId);
        Reference<InvoiceLineFacts>(Line, "accounting-total-currency", f => f.Invoice.CurrencyId);
        List(Line, "account-allocations", n => n.Facts is InvoiceLineFacts f ? Shares(n, f.Total, "InvoiceLineAllocation") : null);
        Allocation("InvoiceLineAllocation");
    }

    private void Approvals()
    {
        const string Class = "Approval";
        Text<ApprovalFacts>(Class, "approvable-type", f => f.ApprovableType);
        Value<ApprovalFacts>(Class, "approvable-id", f => Scalar.Integer(f.ApprovableId));
        Value<ApprovalFacts>(Class, "position", f => Scalar.Integer(f.Position));
        Value<ApprovalFacts>(Class, "approver-id", f => Scalar.Integer(f.ApproverId));
        Text<ApprovalFacts>(Class, "approver-type", _ => "User");
        Text<ApprovalFacts>(Class, "status", f => f.Status);
        Value<ApprovalFacts>(Class, "approval-date", f => f.DecidedAt is { } at ? Scalar.Instant(at) : Scalar.Null);
        Reference<ApprovalFacts>(Class, "approver", f => f.ApproverId);

        // A user's id, which is a text in this class.
        Put("DelegateApproval", "delegate-id", new FieldRule { Scalar = n => n.Seed % 3 == 0 ? Scalar.Null : Scalar.String(AnyUser(n.Seed).ToString(CultureInfo.InvariantCulture)) });
        Reference<ApprovalFacts>(Class, "approved-by", f => f.Status == "approved" ? f.ApproverId : null);
    }

    private void Receipts()
    {
        const string Class = "InventoryTransaction";
        Text<ReceiptFacts>(Class, "type", _ => "InventoryReceipt");
        Text<ReceiptFacts>(Class, "status", _ => "created");
        Value<ReceiptFacts>(Class, "quantity", f => Quantity(f.Line.Received));
        Value<ReceiptFacts>(Class, "price", f => Money(f.Line.Price));
        Value<ReceiptFacts>(Class, "total", f => Money(f.Line.Price * f.Line.Received));
        Value<ReceiptFacts>(Class, "transaction-date", f => Scalar.Instant(f.Created));
        Value<ReceiptFacts>(Class, "original-transaction-id", _ => Scalar.Null);
        Required(Class, "original-transaction", n => n.Id % 5 == 0 ? tenant.Resources["inventory_transactions"].NodeAt(0) : null);
        Reference<ReceiptFacts>(Class, "order-line", f => f.Line.Id);
        Reference<ReceiptFacts>(Class, "item", f => f.Line.ItemId);
        List(Class, "account-allocations", n => n.Facts is ReceiptFacts f ? Shares(n, f.Line.Price * f.Line.Received, "InventoryTxnAllocation") : null);
        Allocation("InventoryTxnAllocation");
    }

    private static string Description(long item) => $"{Words.Nouns[item % Words.Nouns.Length]}, part {item}";

    private long AnyUser(ulong seed) => tenant.History.Users.IdAt(Hashing.Below(Hashing.Mix(seed, 42), tenant.Size.Users));

    private long AnySupplier(ulong seed) => tenant.History.Suppliers.IdAt(Hashing.Below(Hashing.Mix(seed, 41), tenant.Size.Suppliers));

    private Node OrderRevisionRecord(Node order, RevisionFacts facts) =>
        Tenant.Owned(order, _catalog.Class("RevisionRecord"), facts.RecordId, facts) with { Created = facts.Created };

    private List<Node> Lines<T>(Node parent, IReadOnlyList<T> lines, string className, Func<T, long> id)
        where T : class
    {
        var cls = _catalog.Class(className);

        // A line is the same object in its document and in a resource of its own.
        return [.. lines.Select(l => new Node(cls, id(l), Hashing.Mix(tenant.Seed, cls.Hash, (ulong)id(l)), parent.Created, parent.Updated, l))];
    }

    private List<Node> Shares(Node line, long total, string className)
    {
        var shares = History.Allocations(line.Seed, total);
        return [.. shares.Select((s, i) => Tenant.Owned(line, _catalog.Class(className), (line.Id * 2) + i, s))];
    }

    private List<Node> ApprovalNodes(PatternKeys keys, long document, IReadOnlyList<ApprovalFacts> approvals)
    {
        var cls = _catalog.Class("Approval");
        return
        [
            .. approvals.Select((a, i) =>
            {
                var id = keys.IdOf(document, i);
                return new Node(cls, id, Hashing.Mix(tenant.Seed, cls.Hash, (ulong)id), a.Created, a.Updated, a);
            }),
        ];
    }

    private void Allocation(string cls)
    {
        Value<AllocationFacts>(cls, "amount", f => Money(f.Amount));
        Value<AllocationFacts>(cls, "pct", f => Scalar.Decimal(f.Share));
        Reference<AllocationFacts>(cls, "account", f => f.AccountId);
    }

    private void Value<T>(string cls, string field, Func<T, Scalar> value)
        where T : class
    {
        var of = Field(cls, field);
        Put(cls, field, new FieldRule { Scalar = n => n.Facts is T facts ? value(facts) : ValueMaker.Make(n, of) });
    }

    private void Text<T>(string cls, string field, Func<T, string?> value)
        where T : class => Value<T>(cls, field, f => Scalar.String(value(f)));

    private void Text(string cls, string field, Func<Node, string> value) => Put(cls, field, new FieldRule { Scalar = n => Scalar.String(value(n)) });

    private void Reference<T>(string cls, string field, Func<T, long?> id)
        where T : class => Reference(cls, field, n => n.Facts is T facts ? id(facts) : null);

    private void Reference(string cls, string field, Func<Node, long?> id)
    {
        var target = Field(cls, field).Class!;
        Put(cls, field, new FieldRule { Object = n => id(n) is { } found ? tenant.Reference(target, found) : null });
    }

    private void Required(string cls, string field, Func<Node, Node?> value) => Put(cls, field, new FieldRule { Object = value });

    private void List(string cls, string field, Func<Node, IReadOnlyList<Node>?> value) =>
        Put(cls, field, new FieldRule { Array = n => value(n) ?? [] });

    private void Put(string cls, string field, FieldRule rule) => _rules[Field(cls, field).Slot] = rule;

    private ApiField Field(string cls, string field) =>
        _catalog.Class(cls).Find(field) ?? throw new InvalidOperationException($"The class {cls} has no field {field}.");
}
