using System.Text.Json.Nodes;
using CoupaGateway.Sandbox.Access;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Control;
using CoupaGateway.Sandbox.Faults;
using CoupaGateway.Sandbox.Records;

namespace CoupaGateway.Sandbox;

/// <summary>The handle by which a host or a test changes the sandbox, breaks it and looks into it.</summary>
public sealed class SandboxControl
{
    private readonly SandboxTenant _tenant;
    private readonly FaultBox _faults;
    private readonly RequestBudget _budget;
    private readonly TokenStore _tokens;
    private readonly SandboxSettings _settings;
    private readonly RequestCounters _counters;

    internal SandboxControl(
        SandboxTenant tenant, FaultBox faults, RequestBudget budget, TokenStore tokens, SandboxSettings settings, RequestCounters counters)
    {
        _tenant = tenant;
        _faults = faults;
        _budget = budget;
        _tokens = tokens;
        _settings = settings;
        _counters = counters;
    }

    /// <summary>Names of the 100 tables.</summary>
    public static IReadOnlyList<string> Tables { get; } =
        [.. ApiCatalog.Instance.Tables.SelectMany(t => t.Nested.Select(n => n.Name).Prepend(t.Name))];

    /// <summary>Names of the resources under <c>/api/</c>.</summary>
    public static IReadOnlyCollection<string> Resources { get; } = [.. ApiCatalog.Instance.Resources.Keys];

    /// <summary>Requests answered, by path and status; a dropped connection counts as status 0.</summary>
    public IReadOnlyDictionary<(string Path, int Status), long> Requests => _counters.Counts;

    /// <summary>Most requests that arrived within any one second.</summary>
    public int PeakRequestsPerSecond => _counters.PeakPerSecond;

    /// <summary>Names that requests asked for in <c>fields</c> and no class has.</summary>
    public IReadOnlyDictionary<string, long> UnknownFields => _tenant.Projections.UnknownNames;

    /// <summary>The time that changes are stamped with.</summary>
    public DateTimeOffset Now => _tenant.Changes.Now;

    /// <summary>Requests a second; 0 is no limit.</summary>
    public double Rate
    {
        get => _budget.Rate;
        set => _budget.Rate = value;
    }

    public int Burst
    {
        get => _budget.Burst;
        set => _budget.Burst = value;
    }

    /// <summary>Whether a 429 carries <c>Retry-After</c>.</summary>
    public bool SendRetryAfter
    {
        get => _settings.SendRetryAfter;
        set => _settings.SendRetryAfter = value;
    }

    /// <summary>Time that every API answer is held back.</summary>
    public TimeSpan PageDelay
    {
        get => _settings.PageDelay;
        set => _settings.PageDelay = value;
    }

    /// <summary>Lifetime of tokens minted from now on.</summary>
    public TimeSpan TokenLifetime
    {
        get => _tokens.Lifetime;
        set => _tokens.Lifetime = value;
    }

    /// <summary>How long a new token is refused with 401.</summary>
    public TimeSpan TokenWarmUp
    {
        get => _tokens.WarmUp;
        set => _tokens.WarmUp = value;
    }

    public void ClearCounters() => _counters.Clear();

    /// <summary>Makes all tokens invalid: the next request with one gets 401.</summary>
    public void RevokeTokens() => _tokens.Revoke();

    public void AddFault(Fault fault) => _faults.Add(fault);

    public void ClearFaults() => _faults.Clear();

    /// <summary>The number of rows of a table, taken from the data rather than from answers.</summary>
    /// <exception cref="KeyNotFoundException">There is no such table.</exception>
    public long CountRows(string table) => _tenant.CountRows(table);

    /// <summary>The rows that a table must have, in the order of their records, for records with ids in a range; taken from the data rather than from answers.</summary>
    /// <exception cref="KeyNotFoundException">There is no such table.</exception>
    public IEnumerable<SandboxRow> Rows(string table, long firstId = long.MinValue, long lastId = long.MaxValue) =>
        TruthReader.Rows(_tenant, table, firstId, lastId);

    /// <summary>The ids of a resource's records, rising; order revisions repeat the id of their order.</summary>
    /// <exception cref="KeyNotFoundException">There is no such resource.</exception>
    public IEnumerable<long> Ids(string resource) => _tenant.Reader(resource).All().Select(r => r.Id);

    /// <inheritdoc cref="Changes.TenantChanges.Create"/>
    public long Create(string resource, JsonObject fields, long? like = null) => _tenant.Changes.Create(resource, fields, like);

    /// <inheritdoc cref="Changes.TenantChanges.Update"/>
    public void Update(string resource, long id, JsonObject fields, bool touch = true) => _tenant.Changes.Update(resource, id, fields, touch);

    /// <inheritdoc cref="Changes.TenantChanges.Delete"/>
    public void Delete(string resource, long id) => _tenant.Changes.Delete(resource, id);

    /// <inheritdoc cref="Changes.TenantChanges.AddChild"/>
    public long AddChild(string resource, long id, string field, JsonObject fields, bool touch = true) =>
        _tenant.Changes.AddChild(resource, id, field, fields, touch);

    /// <inheritdoc cref="Changes.TenantChanges.UpdateChild"/>
    public void UpdateChild(string resource, long id, string field, long childId, JsonObject fields, bool touch = true) =>
        _tenant.Changes.UpdateChild(resource, id, field, childId, fields, touch);

    /// <inheritdoc cref="Changes.TenantChanges.DeleteChild"/>
    public void DeleteChild(string resource, long id, string field, long childId, bool touch = true) =>
        _tenant.Changes.DeleteChild(resource, id, field, childId, touch);

    /// <summary>Moves the time of the tenant ahead.</summary>
    public void Advance(TimeSpan by) => _tenant.Changes.Advance(by);

    /// <summary>Forgets all changes of records.</summary>
    public void ClearChanges() => _tenant.Changes.Clear();

    /// <summary>Makes a custom field appear in the records of a resource.</summary>
    /// <param name="type">A type of classes.json: string, integer, decimal, boolean, datetime, date, or object for a lookup value.</param>
    /// <exception cref="KeyNotFoundException">There is no such resource.</exception>
    /// <exception cref="ArgumentException">There is no such type.</exception>
    public void AddCustomField(string resource, string name, string type, bool atRoot = false) => _tenant.Custom.Add(new CustomField(
        ApiCatalog.Instance.Resources[resource].Class.Name, ApiClass.Normalize(name), Enum.Parse<FieldKind>(type, ignoreCase: true), atRoot));

    /// <summary>Takes a custom field out of the records of a resource; does nothing when there is none of the name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such resource.</exception>
    public void RemoveCustomField(string resource, string name) => _tenant.Custom.Remove(ApiCatalog.Instance.Resources[resource].Class.Name, ApiClass.Normalize(name));
}
