namespace CoupaGateway.Sandbox.Tenants;

/// <summary>How many records of each kind a tenant has.</summary>
internal sealed record TenantSize
{
    public long Suppliers { get; init; }

    public long Users { get; init; }

    public long Departments { get; init; }

    public long BusinessGroups { get; init; }

    public long Addresses { get; init; }

    public long Contracts { get; init; }

    public long SupplierItems { get; init; }

    public long Requisitions { get; init; }

    public long Orders { get; init; }

    public long Invoices { get; init; }

    public long ExpenseReports { get; init; }

    public long ReceivingTransactions { get; init; }

    public long LookupValues { get; init; }

    /// <summary>The size at a scale; 1 is 2,000 invoices. Organisation grows with the root of the scale, the rest in proportion.</summary>
    public static TenantSize Of(double scale)
    {
        var root = Math.Sqrt(scale);
        return new TenantSize
        {
            Suppliers = Scaled(150, scale),
            Users = Scaled(120, scale),
            Departments = Scaled(40, root),
            BusinessGroups = Scaled(20, root),
            Addresses = Scaled(400, scale),
            Contracts = Scaled(300, scale),
            SupplierItems = Scaled(600, scale),
            Requisitions = Scaled(1_500, scale),
            Orders = Scaled(1_200, scale),
            Invoices = Scaled(2_000, scale),
            ExpenseReports = Scaled(200, scale),
            ReceivingTransactions = Scaled(250, scale),
            LookupValues = Scaled(100, root),
        };
    }

    private static long Scaled(long count, double scale) => Math.Max(3, (long)Math.Round(count * scale));
}
