using System.Collections.Concurrent;

namespace CoupaGateway.Tests.Secrets;

/// <summary>Looks into the files of a folder again and again, so that also those are seen that live as long as a load.</summary>
internal sealed class FolderWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _found = new(StringComparer.Ordinal);
    private readonly Task _looking;

    /// <param name="except">A file that may hold a secret.</param>
    public FolderWatch(string folder, string except, Needles needles) => _looking = Task.Run(() => LookAsync(folder, except, needles));

    /// <summary>Files that were looked into.</summary>
    public IReadOnlyCollection<string> Seen => [.. _seen.Keys];

    /// <summary>The secrets that were found, with the files.</summary>
    public IReadOnlyCollection<string> Found => [.. _found.Keys];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task LookAsync(string folder, string except, Needles needles)
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).Where(file => file != except))
                Look(file, needles);
            await Task.Delay(10, CancellationToken.None);
        }
    }

    private void Look(string file, Needles needles)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            _seen[file] = true;
            foreach (var name in needles.In(bytes.ToArray()))
                _found[$"{name} in {Path.GetFileName(file)}"] = true;
        }
        catch (IOException)
        {
            // It is gone again, or is being written.
        }
    }
}
