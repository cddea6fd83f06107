using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CoupaGateway.Snapshots.Redis;
using Garnet;
using Garnet.server;
using Garnet.server.Auth.Settings;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Tsavorite.core;

namespace CoupaGateway.Snapshots.Embedded;

/// <summary>
/// Microsoft Garnet inside this process: loopback, random password, checkpoints on disk.
/// <code>
/// start      1. marker found? -> the last recovery never ended: move the data aside, begin empty
///            2. write marker
///            3. recover the newest checkpoint, serve, answer a first PING
///            4. remove marker
/// commit     5. at most every interval: SAVE
/// stop       6. SAVE, then dispose
/// </code>
/// What was written after the last SAVE is lost by a crash, nothing else: the server's log is only read through a checkpoint.
/// </summary>
internal sealed class EmbeddedCache : IAsyncDisposable
{
    private const string MarkerName = "recovering";
    private const int StartAttempts = 5;

    private readonly GarnetServer _server;
    private readonly IConnectionMultiplexer _admin;
    private readonly EndPoint _endPoint;
    private readonly string _password;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _requested = new(0, 1);
    private readonly Task _checkpointing;

    private EmbeddedCache(
        GarnetServer server, IConnectionMultiplexer admin, EndPoint endPoint, string password, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        (_server, _admin, _endPoint, _password, _interval, _time, _logger) = (server, admin, endPoint, password, interval, time, logger);
        _checkpointing = Task.Run(() => CheckpointOnRequestAsync(_stopping.Token));
    }

    public static async Task<EmbeddedCache> StartAsync(
        string folder, TimeSpan checkpointInterval, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var marker = Path.Combine(folder, MarkerName);
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (File.Exists(marker))
                MoveAside(folder, time, logger);
            Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(marker, [], cancellationToken);

            var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
            GarnetServer? server = null;
            IConnectionMultiplexer? admin = null;
            try
            {
                server = new GarnetServer(Options(folder, endPoint, password));
                server.Start();
                admin = await ConnectionMultiplexer.ConnectAsync(Connection(endPoint, password, admin: true));
                await admin.GetDatabase().PingAsync();
                File.Delete(marker);
                SnapshotsLog.EmbeddedStarted(logger, folder);
                return new EmbeddedCache(server, admin, endPoint, password, checkpointInterval, time, logger);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                if (admin is not null)
                    await admin.DisposeAsync();
                server?.Dispose();
                if (attempt == StartAttempts)
                    throw new CacheUnavailableException($"The embedded cache server cannot start in {folder}.", error);
                SnapshotsLog.EmbeddedStartFailed(logger, error);
                if (IsPortClash(error))
                    File.Delete(marker); // nothing is wrong with the data
            }
        }
    }

    /// <summary>How this process connects.</summary>
    public ConfigurationOptions Connection() => Connection(_endPoint, _password, admin: false);

    /// <summary>A checkpoint is taken soon, at most one per interval.</summary>
    public void RequestCheckpoint()
    {
        lock (_requested)
        {
            if (_requested.CurrentCount == 0)
                _requested.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _checkpointing;
        await SaveAsync();
        await _admin.DisposeAsync();
        _server.Dispose();
        _stopping.Dispose();
        _requested.Dispose();
    }

    private async Task<bool> SaveAsync()
    {
        try
        {
            await _admin.GetDatabase().ExecuteAsync("SAVE");
            return true;
        }
        catch (Exception error) when (CacheFailures.IsTransient(error))
        {
            SnapshotsLog.CheckpointFailed(_logger, error);
            return false;
        }
    }

    private async Task CheckpointOnRequestAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _requested.WaitAsync(cancellationToken);
                await Task.Delay(_interval, _time, cancellationToken);
                if (!await SaveAsync())
                    RequestCheckpoint();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping takes the last checkpoint itself.
        }
    }

    // Values live inside the log's pages (inline), never in its object heap: overflow values of 1 MB ended the process when the log spilled
    // (docs/decisions/0001-embedded-garnet.md). A page is twice the largest value, and memory is bounded by LogMemorySize.
    private static GarnetServerOptions Options(string folder, IPEndPoint endPoint, string password) => new()
    {
        EndPoints = [endPoint],
        AuthSettings = new PasswordAuthenticationSettings(password),
        DeviceType = DeviceType.RandomAccess,
        EnableStorageTier = true,
        LogDir = folder,
        CheckpointDir = folder,
        Recover = true,
        FailOnRecoveryError = true,
        EnableAOF = false,
        EnableLua = false,
        EnableCluster = false,
        MaxDatabases = 1,
        IndexMemorySize = "1m",
        IndexMaxMemorySize = "",
        LogMemorySize = "64m",
        PageSize = "16m",
        MaxInlineValueSize = "8m",
        SegmentSize = "64m",
        ObjectLogSegmentSize = "64m",
        UseFoldOverCheckpoints = true,
        CompactionFrequencySecs = 60,
        CompactionType = LogCompactionType.Lookup,
        CompactionMaxSegments = 8,
        BufferPoolMemoryBudget = "16m", // else what recovery read stays: 444 MB instead of 142 MB after a restart with 200 MB of chunks
        QuietMode = true,
    };

    private static ConfigurationOptions Connection(EndPoint endPoint, string password, bool admin) => new()
    {
        EndPoints = { endPoint },
        Password = password,
        AllowAdmin = admin,
        AbortOnConnectFail = admin,
        AsyncTimeout = 30_000,
    };

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static bool IsPortClash(Exception? error) =>
        error is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } || (error is not null && IsPortClash(error.InnerException));

    private static void MoveAside(string folder, TimeProvider time, ILogger logger)
    {
        // One is kept for whoever wants to look at it: it is a cache, everything can be loaded again.
        foreach (var old in Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!, Path.GetFileName(folder) + ".broken-*"))
            Directory.Delete(old, recursive: true);
        var aside = $"{folder}.broken-{time.GetUtcNow():yyyyMMddHHmmss}";
        Directory.Move(folder, aside);
        SnapshotsLog.DataMovedAside(logger, aside);
    }
}
