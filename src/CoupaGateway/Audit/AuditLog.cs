using System.Text.Json;
using CoupaGateway.Access;
using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Snapshots.Documents;
using CoupaGateway.Snapshots.Redis;

namespace CoupaGateway.Audit;

/// <summary>
/// Who did what to which connection, and when: as log events of the category <c>CoupaGateway.Audit</c>, and, of what changes something or was
/// refused, in the cache. No values: neither bodies nor queries nor keys.
/// </summary>
internal sealed class AuditLog(IJournalStore journal, IInstanceClocks clocks, TimeProvider time, ILoggerFactory loggers)
{
    private const int Most = 10_000;
    private const string Journal = "audit";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private readonly ILogger _logger = loggers.CreateLogger("CoupaGateway.Audit");

    public Task AnsweredAsync(HttpContext context, Caller caller)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            if (context.GetRouteValue("connection") is string connection && context.Response.StatusCode < StatusCodes.Status400BadRequest)
                AuditEvents.Read(_logger, caller.Name, Operation(context), connection);
            return Task.CompletedTask;
        }

        return RecordAsync(context, caller);
    }

    public Task RefusedAsync(HttpContext context, Caller caller) => RecordAsync(context, caller);

    /// <summary>Entries from the newest back.</summary>
    public async Task<AuditEntry[]> ReadAsync(DateTimeOffset? before, int count, CancellationToken cancellationToken) =>
        [.. (await journal.ReadAsync(Journal, before, count, cancellationToken)).Select(static entry => JsonSerializer.Deserialize<AuditEntry>(entry, AccessDocuments.Json)!)];

    private async Task RecordAsync(HttpContext context, Caller caller)
    {
        var entry = new AuditEntry(
            Guid.NewGuid().ToString("N"),
            time.GetUtcNow(),
            caller.Name,
            caller.KeyId,
            Operation(context),
            context.GetRouteValue("connection") as string,
            context.Response.StatusCode,
            context.Connection.RemoteIpAddress?.ToString());
        AuditEvents.Done(_logger, entry.Who, entry.What, entry.Connection, entry.Status, entry.Source);
        try
        {
            var now = time.GetUtcNow();
            await journal.AppendAsync(Journal, now, JsonSerializer.Serialize(entry, AccessDocuments.Json), Most, clocks.OldestKept(now, Kept), CancellationToken.None);
        }
        catch (Exception error) when (CacheFailures.IsTransient(error))
        {
            AccessLog.AuditNotStored(_logger, error);
        }
    }

    /// <summary>The name of the endpoint; for what has none, the method: a path may hold anything.</summary>
    private static string Operation(HttpContext context) =>
        context.GetEndpoint() is { } endpoint
            ? endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? endpoint.DisplayName ?? context.Request.Method
            : context.Request.Method;
}
