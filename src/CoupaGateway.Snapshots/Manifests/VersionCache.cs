namespace CoupaGateway.Snapshots.Manifests;

/// <summary>Replaced manifests that readers still page through: a bounded number, least recently used leaves first, none longer than the retention.</summary>
internal sealed class VersionCache(int capacity, TimeSpan lifetime, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(TableId, long), LinkedListNode<(TableManifest Manifest, long Since)>> _nodes = [];
    private readonly LinkedList<(TableManifest Manifest, long Since)> _byUse = [];

    public void Add(TableManifest manifest)
    {
        lock (_gate)
        {
            Remove(manifest.Table, manifest.Version);
            _nodes.Add((manifest.Table, manifest.Version), _byUse.AddLast((manifest, time.GetTimestamp())));
            if (_nodes.Count > capacity && _byUse.First is { Value.Manifest: var oldest })
                Remove(oldest.Table, oldest.Version);
        }
    }

    public TableManifest? Find(TableId table, long version)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue((table, version), out var node))
                return null;
            if (time.GetElapsedTime(node.Value.Since) >= lifetime)
            {
                Remove(table, version);
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Manifest;
        }
    }

    public void RemoveTable(TableId table)
    {
        lock (_gate)
        {
            foreach (var (_, version) in _nodes.Keys.Where(key => key.Item1 == table).ToList())
                Remove(table, version);
        }
    }

    private void Remove(TableId table, long version)
    {
        if (_nodes.Remove((table, version), out var node))
            _byUse.Remove(node);
    }
}
