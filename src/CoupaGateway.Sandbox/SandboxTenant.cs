using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Changes;
using CoupaGateway.Sandbox.Queries;
using CoupaGateway.Sandbox.Records;
using CoupaGateway.Sandbox.Tenants;

namespace CoupaGateway.Sandbox;

/// <summary>The data of the tenant as it is now: generated records under the changes made since.</summary>
internal sealed class SandboxTenant
{
    private readonly Dictionary<string, ResourceReader> _readers = new(StringComparer.Ordinal);

    public SandboxTenant(SandboxOptions options, TimeProvider clock)
    {
        Data = new Tenant(options.Seed, options.Scale, options.FirstUserId);
        Custom = new CustomFields();
        Projections = new Projections(options.Release, options.ShownRelease) { RejectUnknown = options.RejectUnknownFields };
        Writer = new RecordWriter(Data, Custom, options.UtcOffset, options.Canary);
        Parser = new QueryParser(Projections, Custom, options.MaxPageSize);
        Changes = new TenantChanges(this, clock, options.UtcOffset);
        foreach (var (name, resource) in Data.Resources)
        {
            _readers[name] = new ResourceReader(
                resource, rank => new GeneratedRecord(resource.NodeAt(rank), Data, Writer, Custom), () => Changes.Of(name));
        }
    }

    public Tenant Data { get; }

    public CustomFields Custom { get; }

    public Projections Projections { get; }

    public RecordWriter Writer { get; }

    public QueryParser Parser { get; }

    public TenantChanges Changes { get; }

    public ResourceReader Reader(string resource) => _readers[resource];

    /// <summary>The number of rows that a table of tables.json, or a resource, has, counted without writing or reading any answer.</summary>
    /// <exception cref="KeyNotFoundException">There is no such table or resource.</exception>
    public long CountRows(string table)
    {
        foreach (var parent in ApiCatalog.Instance.Tables)
        {
            if (parent.Name == table)
                return Reader(parent.Resource).Count;
            if (parent.Nested.FirstOrDefault(n => n.Name == table) is { } nested)
                return Reader(parent.Resource).All().Sum(r => r.CountRows(nested.Path));
        }

        return _readers.TryGetValue(table, out var reader) ? reader.Count : throw new KeyNotFoundException($"There is no table {table}.");
    }
}
