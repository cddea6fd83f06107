using CoupaGateway.Snapshots.Redis;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Snapshots.Embedded;

/// <summary>The data folder and the lock that keeps a second process out of it.</summary>
internal sealed class DataFolder(IOptions<CacheOptions> options) : IDisposable
{
    private readonly Lock _gate = new();
    private FileStream? _lock;

    public string Root { get; } = Path.GetFullPath(options.Value.Folder);

    public string ChunkFolder => Path.Combine(Root, "chunks");

    public string EmbeddedFolder => Path.Combine(Root, "cache");

    /// <summary>Takes the folder for this process; a second call does nothing.</summary>
    /// <exception cref="CacheUnavailableException">Another process has it, or it cannot be written.</exception>
    public void Lock()
    {
        lock (_gate)
        {
            if (_lock is not null)
                return;
            try
            {
                Directory.CreateDirectory(Root);
                _lock = new FileStream(Path.Combine(Root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new CacheUnavailableException(
                    $"The data folder {Root} cannot be used: another gateway runs on it, or it cannot be written. Stop the other one or set Cache:Folder to another folder.",
                    error);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _lock?.Dispose();
            _lock = null;
        }
    }
}
