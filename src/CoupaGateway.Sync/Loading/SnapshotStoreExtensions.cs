using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Sync.Loading;

internal static class SnapshotStoreExtensions
{
    /// <summary>Uploads files and deletes them, also those behind one that could not be uploaded.</summary>
    public static async Task<List<ChunkInfo>> UploadAllAsync(this ISnapshotStore store, TableId table, IEnumerable<ChunkFile> files, CancellationToken cancellationToken)
    {
        var chunks = new List<ChunkInfo>();
        using var enumerator = files.GetEnumerator();
        try
        {
            while (enumerator.MoveNext())
            {
                var file = enumerator.Current;
                try
                {
                    chunks.Add(await store.UploadAsync(table, file, cancellationToken));
                }
                finally
                {
                    File.Delete(file.Path);
                }
            }
        }
        catch when (files is IReadOnlyList<ChunkFile>)
        {
            while (enumerator.MoveNext())
                File.Delete(enumerator.Current.Path);

            throw;
        }

        return chunks;
    }

    /// <summary>Those of the manifests that are not the newest version of their table: another worker has gone on with it, or it was never committed.</summary>
    public static async Task<IReadOnlyList<TableManifest>> FindOvertakenAsync(this ISnapshotStore store, IReadOnlyList<TableManifest> wanted, CancellationToken cancellationToken)
    {
        var current = await Task.WhenAll(wanted.Select(manifest => store.ReadCurrentAsync(manifest.Table, cancellationToken)));
        return [.. wanted.Zip(current).Where(static pair => pair.Second is null || !pair.First.IsSameVersionAs(pair.Second)).Select(static pair => pair.First)];
    }
}
