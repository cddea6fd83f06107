using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CoupaGateway.OData.Feed;
using CoupaGateway.Schema;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData.Model;

/// <summary>
/// One EDM per schema fingerprint: connections with the same schema share it, and it goes when the last revision that uses it goes.
/// </summary>
internal sealed class FeedModelCache(IOptions<FeedOptions> options)
{
    private readonly ConditionalWeakTable<SchemaRevision, FeedModel> _byRevision = [];
    private readonly ConcurrentDictionary<string, WeakReference<SharedModel>> _byFingerprint = new(StringComparer.Ordinal);

    public FeedModel Get(SchemaRevision schema) => _byRevision.GetValue(schema, revision => new(FindOrCreate(revision), revision));

    private SharedModel FindOrCreate(SchemaRevision schema)
    {
        if (_byFingerprint.TryGetValue(schema.Fingerprint, out var reference) && reference.TryGetTarget(out var known))
            return known;

        var model = EdmModelFactory.Create(schema, options.Value.MaxExpandDepth);
        _byFingerprint[schema.Fingerprint] = new(model);
        foreach (var (fingerprint, other) in _byFingerprint)
        {
            if (!other.TryGetTarget(out _))
                _byFingerprint.TryRemove(new(fingerprint, other));
        }

        return model;
    }
}
