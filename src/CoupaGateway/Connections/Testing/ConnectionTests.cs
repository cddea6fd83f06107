using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CoupaGateway.Access;
using CoupaGateway.Connections.Stored;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Coupa.Testing;
using CoupaGateway.Drift;
using CoupaGateway.Metadata;
using CoupaGateway.Metadata.Stored;
using CoupaGateway.Rest;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Documents;

namespace CoupaGateway.Connections.Testing;

/// <summary>Tests connections and settings that are not saved yet, and keeps each connection's last result.</summary>
internal sealed class ConnectionTests(
    IConnectionTester tester, ConnectionInputValidation validation, MetadataDirectory metadata, ObservedDirectory observed, ISharedDocumentStore documents, TimeProvider time)
{
    private const string ApiPath = "/api/";

    /// <summary>Hosts that are being tested by this gateway: two tests at once would use two tenths of the budget.</summary>
    private readonly ConcurrentDictionary<string, bool> _running = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A connection that is in force.</summary>
    public TestedConnection Of(ConnectionDefinition definition) => Of(definition.Name, definition.Options, definition.Tenant, addressFault: null);

    /// <summary>Settings that are not saved. Of faults, one of the address is a finding; others are the caller's to mend first.</summary>
    /// <param name="errors">Those others by field; empty when the settings can be tested.</param>
    public TestedConnection? Of(ConnectionInput input, out IReadOnlyDictionary<string, string[]> errors)
    {
        var named = input.Name is null ? input with { Name = "unnamed" } : input;
        errors = validation.Validate(named, current: null);
        var address = errors.GetValueOrDefault("instance");
        errors = errors.Where(static error => error.Key != "instance").ToDictionary(static error => error.Key, static error => error.Value);
        if (errors.Count > 0)
            return null;

        var tenant = address is null ? CoupaTenant.Create(ConnectionMapping.ToTenantOptions(input, input.ClientSecret!)) : null;
        return Of(named.Name!, ConnectionMapping.ToOptions(input), tenant, address is null ? null : string.Join(' ', address));
    }

    /// <summary>Claims the host; null when a test of it runs.</summary>
    public IDisposable? TryBegin(TestedConnection connection)
    {
        var host = connection.Tenant?.Host ?? "";
        return host.Length > 0 && !_running.TryAdd(host, true) ? null : new Claim(this, host);
    }

    /// <param name="save">Whether the result is kept as the connection's last one.</param>
    public async IAsyncEnumerable<ConnectionTestStep> RunAsync(TestedConnection connection, bool save, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var start = time.GetTimestamp();
        var steps = new List<ConnectionTestStep>();
        await foreach (var result in tester.RunAsync(connection, cancellationToken))
        {
            var step = ConnectionTestStep.Of(result);
            steps.Add(step);
            yield return step;
        }

        if (save)
            await SaveAsync(connection.Name, ConnectionTestReport.Of(startedAt, time.GetElapsedTime(start), steps), cancellationToken);
    }

    public async Task<ConnectionTestReport> ReportAsync(TestedConnection connection, bool save, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var start = time.GetTimestamp();
        var steps = await RunAsync(connection, save: false, cancellationToken).ToListAsync(cancellationToken);
        var report = ConnectionTestReport.Of(startedAt, time.GetElapsedTime(start), steps);
        if (save)
            await SaveAsync(connection.Name, report, cancellationToken);
        return report;
    }

    /// <summary>The last result; null when the connection was never tested.</summary>
    public async Task<ConnectionTestReport?> ReadAsync(string connection, CancellationToken cancellationToken) =>
        (await documents.ReadAsync(ConnectionDocuments.Tests, cancellationToken)).Documents.GetValueOrDefault(connection) is { } text
            ? JsonSerializer.Deserialize<ConnectionTestReport>(text, AccessDocuments.Json)
            : null;

    private async Task SaveAsync(string connection, ConnectionTestReport report, CancellationToken cancellationToken)
    {
        var known = (await documents.ReadAsync(ConnectionDocuments.Tests, cancellationToken)).Documents.GetValueOrDefault(connection);

        // Where two gateways tested at the same time, either result is as good.
        await documents.TryWriteAsync(ConnectionDocuments.Tests, connection, known, JsonSerializer.Serialize(report, AccessDocuments.Json), cancellationToken);
    }

    private TestedConnection Of(string name, ConnectionOptions options, CoupaTenant? tenant, string? addressFault)
    {
        var document = metadata.Find(name).Document;
        var schema = ConnectionSchema.Build(options, document, observed.Find(name));
        return new TestedConnection
        {
            Name = name,
            AddressFault = addressFault,
            Tenant = tenant,
            Schema = schema,
            CustomTables = options.CustomMetadata ? Previewer.TablesOf(schema, document) : [],
            Tables = [.. schema.Result.Schema.Tables.Where(static table => table.Resource is not null).Select(Table)],
        };
    }

    private static TestTable Table(TableSchema table) => new(
        table.Name,
        table.Resource!.Path.StartsWith(ApiPath, StringComparison.Ordinal) ? table.Resource.Path[ApiPath.Length..] : table.Resource.Path,
        table.Resource.Scope,
        table.Resource.IdIsUnique,
        table.Resource.Watermark is not null);

    private sealed class Claim(ConnectionTests owner, string host) : IDisposable
    {
        public void Dispose() => owner._running.TryRemove(host, out _);
    }
}
