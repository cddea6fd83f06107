using System.Globalization;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>
/// A folder for this process alone. A file that stays locked as long as the process lives tells others that it is in use; what a killed process left
/// behind goes when the next one starts.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    private const string LockName = "lock";
    private const int Attempts = 5;

    private readonly FileStream _lock;

    private StagingFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public static StagingFolder Create(string root)
    {
        Directory.CreateDirectory(root);
        RemoveLeftovers(root);
        for (var attempt = 1; ; attempt++)
        {
            var path = System.IO.Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid():N}"));
            Directory.CreateDirectory(path);
            try
            {
                return new StagingFolder(path, OpenLock(path, FileMode.CreateNew));
            }
            catch (IOException) when (attempt < Attempts)
            {
                // Another process looked for leftovers between the file's making and its locking. It takes this folder away.
            }
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    private static void RemoveLeftovers(string root)
    {
        foreach (var folder in Directory.EnumerateDirectories(root).Where(static folder => File.Exists(System.IO.Path.Combine(folder, LockName))))
        {
            try
            {
                OpenLock(folder, FileMode.Open).Dispose();
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // In use, or another process takes it away.
            }
        }
    }

    private static FileStream OpenLock(string folder, FileMode mode) => new(System.IO.Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None);
}
