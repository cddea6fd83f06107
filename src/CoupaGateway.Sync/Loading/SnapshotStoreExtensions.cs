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
}
