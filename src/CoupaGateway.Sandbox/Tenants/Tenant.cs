using System.Collections.Concurrent;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Tenants;

/// <summary>All generated data of a tenant. A record is a pure function of the seed, the size and its id.</summary>
internal sealed class Tenant
{
    private const int SharedKept = 8_192;

    // Classes of a small shared list: documents point into it rather than own the object.
    private static readonly Dictionary<string, int> Pools = new(StringComparer.Ordinal)
    {
        ["Currency"] = Words.CurrencyCodes.Length,
        ["Country"] = Words.CountryCodes.Length,
        ["CountrySubdivision"] = 30,
        ["Uom"] = Words.UnitCodes.Length,
        ["Commodity"] = 60,
        ["Tag"] = 25,
        ["PaymentTerm"] = 8,
        ["ShippingTerm"] = 6,
        ["Account"] = 200,
        ["AccountType"] = 5,
        ["AccountGroup"] = 20,
        ["Role"] = 15,
        ["Warehouse"] = 10,
        ["WarehouseLocation"] = 40,
        ["WarehouseType"] = 4,
        ["UserGroup"] = 20,
        ["InventoryOrganization"] = 5,
        ["TaxCode"] = 12,
        ["TaxRate"] = 12,
        ["TaxRateType"] = 5,
        ["Purpose"] = 5,
        ["Period"] = 36,
        ["DiversityCategory"] = 12,
        ["DiversitySubcategory"] = 30,
        ["Catalog"] = 6,
        ["Enterprise"] = 4,
        ["LegalEntity"] = 6,
        ["ContractType"] = 8,
        ["ContractClassification"] = 6,
        ["CoupaContractType"] = 6,
        ["ReasonInsight"] = 15,
        ["DisputeReason"] = 8,
        ["AdjustmentCode"] = 5,
        ["InspectionCode"] = 5,
        ["PaymentType"] = 4,
        ["Pcard"] = 10,
        ["BusinessEntity"] = 40,
        ["OnlineStore"] = 5,
        ["PunchoutSite"] = 5,
    };

    private readonly Dictionary<string, TenantResource> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TenantResource> _families = new(StringComparer.Ordinal);
    // Records refer to the same few suppliers, users and accounts over and over.
    private readonly ConcurrentDictionary<(ApiClass Class, long Id), Node> _shared = new();
    private readonly FieldRule?[] _rules;
    private readonly ApiCatalog _catalog = ApiCatalog.Instance;

    public Tenant(int seed, double scale, long firstUserId)
    {
        Seed = Hashing.Mix((ulong)seed, 42);
        Size = TenantSize.Of(scale);
        History = new History(Seed, Size, firstUserId);
        AddMasterData("addresses", new GappedKeys(Size.Addresses, 501, Hashing.Mix(Seed, 1)));
        AddMasterData("business_groups", new GappedKeys(Size.BusinessGroups, 1, Hashing.Mix(Seed, 2)));
        AddMasterData("contracts", new GappedKeys(Size.Contracts, 701, Hashing.Mix(Seed, 3)));
        AddMasterData("departments", new GappedKeys(Size.Departments, 51, Hashing.Mix(Seed, 4)));
        AddMasterData("supplier_items", new GappedKeys(Size.SupplierItems, 801, Hashing.Mix(Seed, 5)));
        AddMasterData("suppliers", History.Suppliers);
        AddMasterData("users", History.Users);
        AddMasterData("expense_reports", new GappedKeys(Size.ExpenseReports, 301, Hashing.Mix(Seed, 6)));
        AddMasterData("receiving_transactions", new GappedKeys(Size.ReceivingTransactions, 401, Hashing.Mix(Seed, 7)));
        AddMasterData("lookup_values", new GappedKeys(Size.LookupValues, 101, Hashing.Mix(Seed, 8)));
        AddDocuments();
        _rules = new TenantRules(this).Build();
    }

    public ulong Seed { get; }

    public TenantSize Size { get; }

    public History History { get; }

    public IReadOnlyDictionary<string, TenantResource> Resources => _resources;

    public FieldRule? RuleOf(ApiField field) => _rules[field.Slot];

    /// <summary>A scalar field of an object.</summary>
    public Scalar ScalarOf(Node node, ApiField field) => RuleOf(field)?.Scalar is { } rule ? rule(node) : ValueMaker.Make(node, field);

    /// <summary>An object field, or null.</summary>
    public Node? ObjectOf(Node node, ApiField field)
    {
        if (RuleOf(field)?.Object is { } rule)
            return rule(node);
        var hash = Hashing.Mix(node.Seed, field.Hash);
        return field.Name is not "created-by" and not "updated-by" && hash % 100 < 60 ? null : Related(node, field.Class!, hash, 0);
    }

    /// <summary>The elements of an array field.</summary>
    public IReadOnlyList<Node> ArrayOf(Node node, ApiField field)
    {
        if (RuleOf(field)?.Array is { } rule)
            return rule(node);
        var hash = Hashing.Mix(node.Seed, field.Hash);
        var count = (hash % 20) switch { < 14 => 0, < 18 => 1, 18 => 2, _ => 3 };
        if (count == 0)
            return [];
        var elements = new Node[count];
        for (var i = 0; i < count; i++)
            elements[i] = Related(node, field.Class!, hash, i);
        return elements;
    }

    /// <summary>The record of a resource, or the entry of a shared list, shown as a class.</summary>
    public Node Reference(ApiClass shownAs, long id)
    {
        if (_shared.TryGetValue((shownAs, id), out var known))
            return known;
        if (_shared.Count >= SharedKept)
            _shared.Clear();
        return _shared[(shownAs, id)] = MakeReference(shownAs, id) with { Class = shownAs, IsShared = true };
    }

    public Node Reference(string className, long id) => Reference(_catalog.Class(className), id);

    /// <summary>Some object of a class, chosen by a hash.</summary>
    public Node RelatedTo(Node node, ApiClass cls, ulong hash) => Related(node, cls, hash, 0);

    /// <summary>An object that its parent owns: a line, an allocation, a detail.</summary>
    public static Node Owned(Node parent, ApiClass cls, long id, object? facts = null) =>
        new(cls, id, Hashing.Mix(parent.Seed, cls.Hash, (ulong)id), parent.Created, parent.Updated, facts);

    private static (long Created, long Updated) MasterTimes(ulong seed, long earliest)
    {
        var created = earliest + Hashing.Below(Hashing.Mix(seed, 31), 10 * History.Day);
        var lag = Hashing.Below(Hashing.Mix(seed, 32), 300 * History.Day);
        return (created, created + (seed % 5 == 0 ? lag : lag / 30));
    }

    private Node MakeReference(ApiClass shownAs, long id)
    {
        if (_families.TryGetValue(shownAs.Family, out var resource) && resource.Find(id) is { } record)
            return record;
        var seed = Hashing.Mix(Seed, shownAs.Hash, (ulong)id);
        var (created, updated) = MasterTimes(seed, History.Begin - (2_000 * History.Day));
        return new Node(shownAs, id, seed, created, updated);
    }

    // The i-th of the related objects: distinct entries of a list, or objects of the parent's own.
    private Node Related(Node node, ApiClass cls, ulong hash, int i)
    {
        if (_families.TryGetValue(cls.Family, out var resource) && resource.Slices.Count == 1 && cls.Family is not "OrderLine")
        {
            var rank = (Hashing.Below(hash, resource.Keys.Count) + i) % resource.Keys.Count;
            return Reference(cls, resource.Keys.IdAt(rank));
        }

        if (Pools.TryGetValue(cls.Name, out var size))
            return Reference(cls, 1 + ((Hashing.Below(hash, size) + i) % size));
        return Owned(node, cls, 1 + (node.Id * 8) + i);
    }

    private void AddMasterData(string name, IKeySpace keys)
    {
        var api = _catalog.Resources[name];
        var step = 2_000 * History.Day / Math.Max(1, keys.Count);
        long Earliest(long rank) => History.Begin - (2_400 * History.Day) + (rank * step);
        Add(new TenantResource
        {
            Api = api,
            Keys = keys,
            NodeAt = rank =>
            {
                var id = keys.IdAt(rank);
                var seed = Hashing.Mix(Seed, api.Class.Hash, (ulong)id);
                var (created, updated) = MasterTimes(seed, Earliest(rank));
                return new Node(api.Class, id, seed, created, updated);
            },
            Slices = [new TimeSlice(0, keys.Count, Earliest, 320 * History.Day)],
        });
    }

    private void AddDocuments()
    {
        AddDocument("requisitions", History.Requisitions, rank =>
        {
            var facts = History.Requisition(rank);
            return (facts.Id, facts.Created, facts.Updated, facts);
        });
        AddDocument("purchase_orders", History.Orders, rank =>
        {
            var facts = History.Order(rank);
            return (facts.Id, facts.Created, facts.Updated, facts);
        });
        AddDocument("invoices", History.Invoices, rank =>
        {
            var facts = History.Invoice(rank);
            return (facts.Id, facts.Created, facts.Updated, facts);
        });
        AddChildren("purchase_order_lines", History.OrderLines, [(History.OrderLines, Size.Orders)], rank =>
        {
            var (order, position) = History.OrderLines.Pattern.Locate(rank);
            var facts = History.Order(order).Lines[position];
            return (facts.Id, facts.Order.Created, facts.Order.Updated, facts);
        });
        AddChildren("inventory_transactions", History.Receipts, [(History.Receipts, Size.Orders)], rank =>
        {
            var (order, position) = History.Receipts.Pattern.Locate(rank);
            var facts = History.Receipt(order, position);
            return (History.Receipts.IdAt(rank), facts.Created, facts.Updated, facts);
        });
        AddChildren(
            "approvals",
            new JoinedKeys(History.RequisitionApprovals, History.InvoiceApprovals),
            [(History.RequisitionApprovals, Size.Requisitions), (History.InvoiceApprovals, Size.Invoices)],
            Approval);
        AddRevisions();
    }

    private (long Id, long Created, long Updated, object Facts) Approval(long rank)
    {
        var first = History.RequisitionApprovals;
        var second = History.InvoiceApprovals;
        var ofInvoice = rank >= first.Count;
        var keys = ofInvoice ? second : first;
        var (parent, position) = keys.Pattern.Locate(ofInvoice ? rank - first.Count : rank);
        var facts = (ofInvoice ? History.ApprovalsOf(History.Invoice(parent)) : History.ApprovalsOf(History.Requisition(parent)))[position];
        return (keys.IdOf(parent, position), facts.Created, facts.Updated, facts);
    }

    private void AddRevisions()
    {
        var api = _catalog.Resources["purchase_order_revisions"];
        var pattern = History.RevisionPattern;
        Add(new TenantResource
        {
            Api = api,
            Keys = new RevisionKeys(pattern, History.Orders),
            NodeAt = rank =>
            {
                var (order, number) = pattern.Locate(rank);
                var facts = History.Revision(order, number);
                return new Node(api.Class, facts.Order.Id, Hashing.Mix(Seed, api.Class.Hash, (ulong)facts.RecordId), facts.Created, facts.Created, facts);
            },
            Slices = [new TimeSlice(0, pattern.Total, n => Place(pattern.Locate(n).Parent, Size.Orders), Lag(Size.Orders))],
        });
    }

    private void AddDocument(string name, IKeySpace keys, Func<long, (long Id, long Created, long Updated, object Facts)> facts) =>
        Add(name, keys, facts, [new TimeSlice(0, keys.Count, rank => Place(rank, keys.Count), Lag(keys.Count))]);

    private void AddChildren(
        string name, IKeySpace keys, (PatternKeys Keys, long Parents)[] parts, Func<long, (long Id, long Created, long Updated, object Facts)> facts)
    {
        var slices = new List<TimeSlice>();
        var start = 0L;
        foreach (var (part, parents) in parts)
        {
            slices.Add(new TimeSlice(start, part.Count, n => Place(part.Pattern.Locate(n).Parent, parents), Lag(parents)));
            start += part.Count;
        }

        Add(name, keys, facts, slices);
    }

    // An order stands at the place of its requisition, an invoice at that of its order: rounding may put it a step ahead of its own.
    private static long Place(long index, long count) => History.PlaceInTime(Math.Max(0, index - 3), count);

    private static long Lag(long count) => History.MaxLag + (4 * (History.End - History.Begin) / count);

    private void Add(
        string name, IKeySpace keys, Func<long, (long Id, long Created, long Updated, object Facts)> facts, IReadOnlyList<TimeSlice> slices)
    {
        var api = _catalog.Resources[name];
        Add(new TenantResource
        {
            Api = api,
            Keys = keys,
            NodeAt = rank =>
            {
                var (id, created, updated, of) = facts(rank);
                return new Node(api.Class, id, Hashing.Mix(Seed, api.Class.Hash, (ulong)id), created, updated, of);
            },
            Slices = slices,
        });
    }

    private void Add(TenantResource resource)
    {
        _resources[resource.Api.Name] = resource;
        _families[resource.Api.Class.Family] = resource;
    }
}
