using CoupaGateway.Coupa.Failures;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Sources;

namespace CoupaGateway.Sync.Observing;

/// <summary>
/// Looks at the newest records before a full load, so that the keys which they have and the schema lacks are columns before the first row is written: found at the end only,
/// they would have the table loaded twice.
/// </summary>
internal sealed class FirstLook(NewestRecords newest, ObservedStore store, ISchemaProvider schemas, IPseudonymKeyring keyring, TimeProvider time)
{
    /// <returns>The job with the schema as it is then.</returns>
    public async Task<FamilyJob> LookAsync(FamilyJob job, CancellationToken cancellationToken)
    {
        // Where no key becomes a column, and none stops the load, there is nothing to know beforehand.
        if (job.Connection.Observed is { CustomFields: ObservedAction.Ignore, Others: ObservedAction.Ignore })
            return job;

        var secrets = keyring.OpenFor(job.Connection.Name, job.Family);
        using var pseudonyms = new Pseudonymizer(job.Family, secrets);
        var plan = FlattenPlan.Compile(job.Family, pseudonyms);
        var observer = new KeyObserver();
        try
        {
            await foreach (var (page, _) in newest.ReadAsync(job.Connection, job.Root, cancellationToken))
            {
                // A flattener of its own: a record that comes twice counts once.
                using (page)
                using (var flattener = new Flattener(plan, time.GetUtcNow(), observer))
                    flattener.Add(page.Json.Span);
            }
        }
        catch (Exception failure) when (failure is CoupaException or MalformedPageException)
        {
            // The load itself will tell.
            return job;
        }

        await store.MergeAsync(job.Connection.Name, observer.ToObservations(), cancellationToken);
        return schemas.Find(job.Connection.Name) is { } schema && schema.TryGetTable(job.Root.Name, out _)
            ? job with { Schema = schema, Family = schema.Family(job.Root.Name) }
            : job;
    }
}
