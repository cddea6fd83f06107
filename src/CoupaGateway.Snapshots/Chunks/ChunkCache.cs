using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using CoupaGateway.Snapshots.Embedded;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Snapshots.Chunks;

/// <summary>
/// Chunk files named by their hash in one folder. A file is handed out only after its bytes gave that hash in this process, and again when its
/// size or time of writing changed since. Openers of one chunk share one download. Files that no lease holds leave, least recently used first.
/// </summary>
internal sealed class ChunkCache : IChunkCache, IDisposable
{
    private const string Extension = ".parquet";
    private const string TemporaryExtension = ".tmp";
    private const int HashCharacters = 64;
    private const int PieceBytes = 4 << 20;
    private const int NoSpaceOnUnix = 28;
    private const int QuotaExceededOnUnix = 122;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    private readonly ICacheServer _redis;
    private readonly DataFolder _dataFolder;
    private readonly ILogger _logger;
    private readonly long _limit;
    private readonly SemaphoreSlim _transfers;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CachedChunk> _chunks = new(StringComparer.Ordinal);
    private readonly LinkedList<CachedChunk> _byUse = []; // least recently used first
    private long _bytes;
    private bool _adopted;

    public ChunkCache(ICacheServer redis, DataFolder folder, IOptions<CacheOptions> options, ILogger<ChunkCache> logger)
    {
        (_redis, _dataFolder, _logger, _limit) = (redis, folder, logger, options.Value.ChunkCacheBytes);
        _transfers = new SemaphoreSlim(options.Value.ParallelTransfers);
        Folder = folder.ChunkFolder;
    }

    public string Folder { get; }

    /// <summary>Bytes on disk, as counted.</summary>
    internal long Bytes
    {
        get
        {
            lock (_gate)
                return _bytes;
        }
    }

    public async ValueTask<ChunkLease> OpenAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var held = Hold(chunks);
        var lease = new ChunkLease([.. held.Select(static chunk => chunk.Path)], () => Release(held));
        try
        {
            await Task.WhenAll(held.Select((chunk, index) => EnsureAsync(table, chunks[index], chunk).WaitAsync(cancellationToken)));
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public void Dispose() => _transfers.Dispose();

    private ImmutableArray<CachedChunk> Hold(IReadOnlyList<ChunkInfo> chunks)
    {
        lock (_gate)
        {
            Adopt();
            return [.. chunks.Select(HoldOne)];
        }
    }

    private CachedChunk HoldOne(ChunkInfo info)
    {
        // The name becomes a path and the path becomes SQL: nothing but a hash may pass.
        if (info.Hash.Length != HashCharacters || !info.Hash.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException($"'{info.Hash}' is not the hash of a chunk.", nameof(info));
        if (!_chunks.TryGetValue(info.Hash, out var chunk))
            chunk = Add(info.Hash, bytes: 0);
        chunk.Leases++;
        _byUse.Remove(chunk.Node!);
        _byUse.AddLast(chunk.Node!);
        return chunk;
    }

    private CachedChunk Add(string hash, long bytes)
    {
        var chunk = new CachedChunk(hash, Path.Combine(Folder, hash + Extension)) { Bytes = bytes };
        chunk.Node = _byUse.AddLast(chunk);
        _chunks.Add(hash, chunk);
        _bytes += bytes;
        return chunk;
    }

    private void Adopt()
    {
        if (_adopted)
            return;
        _dataFolder.Lock();
        Directory.CreateDirectory(Folder);
        var folder = new DirectoryInfo(Folder);
        foreach (var leftover in folder.EnumerateFiles("*" + TemporaryExtension))
            leftover.Delete();
        foreach (var file in folder.EnumerateFiles("*" + Extension).OrderBy(static file => file.LastWriteTimeUtc))
            Add(Path.GetFileNameWithoutExtension(file.Name), file.Length);
        _adopted = true;
        Evict(_limit);
    }

    private void Release(ImmutableArray<CachedChunk> held)
    {
        lock (_gate)
        {
            foreach (var chunk in held)
            {
                // Nothing came of it: what may lie there is not the chunk.
                if (--chunk.Leases == 0 && chunk.Ready is { IsFaulted: true })
                {
                    File.Delete(chunk.Path);
                    Forget(chunk);
                }
            }

            Evict(_limit);
        }
    }

    private void Evict(long limit)
    {
        for (var node = _byUse.First; node is not null && _bytes > limit;)
        {
            var chunk = node.Value;
            node = node.Next;
            if (chunk.Leases > 0 || chunk.Ready is { IsCompleted: false })
                continue;
            File.Delete(chunk.Path);
            Forget(chunk);
        }
    }

    private void Forget(CachedChunk chunk)
    {
        if (!_chunks.Remove(chunk.Hash))
            return;
        _byUse.Remove(chunk.Node!);
        _bytes -= chunk.Bytes;
        chunk.Bytes = 0;
    }

    private async Task EnsureAsync(TableId table, ChunkInfo info, CachedChunk chunk)
    {
        Task<DateTime> ready;
        lock (_gate)
        {
            if (chunk.Ready is null or { IsFaulted: true } || (chunk.Ready.IsCompletedSuccessfully && !IsUntouched(chunk, info)))
                chunk.Ready = Task.Run(() => LoadAsync(table, info, chunk)); // on nobody's cancellation: others may wait for it
            else
                CacheMetrics.Found();
            ready = chunk.Ready;
        }

        await ready;
    }

    private bool IsUntouched(CachedChunk chunk, ChunkInfo info)
    {
        var file = new FileInfo(chunk.Path);
        if (file.Exists && file.Length == info.Bytes && file.LastWriteTimeUtc == chunk.Ready!.Result)
            return true;
        SnapshotsLog.LocalChunkBad(_logger, chunk.Hash);
        return false;
    }

    private async Task<DateTime> LoadAsync(TableId table, ChunkInfo info, CachedChunk chunk)
    {
        if (await IsIntactAsync(chunk, info))
        {
            CacheMetrics.Found();
        }
        else
        {
            using var span = Spans.Source.StartActivity(Spans.Chunk, ActivityKind.Client);
            span?.SetTag(Labels.Connection, table.Connection).SetTag(Labels.Table, table.Table).SetTag("gateway.chunk.hash", info.Hash).SetTag("gateway.chunk.size", info.Bytes);
            await _transfers.WaitAsync();
            try
            {
                await DownloadAsync(table, info, chunk.Path);
                CacheMetrics.Fetched(info.Bytes);
            }
            catch (ChunkMissingException)
            {
                span.Fail("missing");
                throw;
            }
            catch (Exception error) when (IsDiskFull(error))
            {
                span.Fail("disk_full");
                throw new ChunkCacheFullException(Folder, error);
            }
            finally
            {
                _transfers.Release();
            }
        }

        lock (_gate)
        {
            _bytes += info.Bytes - chunk.Bytes;
            chunk.Bytes = info.Bytes;
            Evict(_limit);
        }

        return File.GetLastWriteTimeUtc(chunk.Path);
    }

    private static async Task<bool> IsIntactAsync(CachedChunk chunk, ChunkInfo info)
    {
        var file = new FileInfo(chunk.Path);
        if (!file.Exists || file.Length != info.Bytes)
            return false;
        await using var stream = file.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)) == info.Hash;
    }

    // A file that is larger than the file system or a limit of the process allows is, to .NET, an argument out of range.
    private static bool IsDiskFull(Exception error) => error switch
    {
        ArgumentOutOfRangeException => true,
        IOException => error.HResult is NoSpaceOnUnix or QuotaExceededOnUnix or NoSpaceOnWindows,
        _ => false,
    };

    // In pieces, so that memory is bounded by the transfers and not by what a manifest says.
    private async Task DownloadAsync(TableId table, ChunkInfo info, string path)
    {
        var db = (await _redis.ConnectAsync(CancellationToken.None)).GetDatabase();
        var key = RedisKeys.Chunk(table, info.Hash);
        var temporary = path + TemporaryExtension;
        Directory.CreateDirectory(Folder); // somebody may have deleted it under us
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                for (long offset = 0; offset < info.Bytes; offset += PieceBytes)
                {
                    var expected = (int)Math.Min(PieceBytes, info.Bytes - offset);
                    byte[]? piece = await db.StringGetRangeAsync(key, offset, offset + expected - 1);
                    if (piece is null || piece.Length != expected)
                        throw new ChunkMissingException(table, info.Hash, piece is null or [] ? "the cache server has lost it" : "the cache server has only a part of it");
                    hash.AppendData(piece);
                    await stream.WriteAsync(piece);
                }
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != info.Hash)
                throw new ChunkMissingException(table, info.Hash, "what the cache server has does not match its hash");
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
