using System.Collections.Immutable;
using System.Security.Cryptography;
using CoupaGateway.Snapshots.Buckets;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Documents;
using CoupaGateway.Snapshots.Leases;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.State;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Tests.Servers;

/// <summary>What a gateway process has of this project, registered as the host does it.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _scratch;

    public Gateway(string folder, string? redis, params (string Name, string Value)[] settings)
        : this(folder, redis, log: null, settings)
    {
    }

    public Gateway(string folder, string? redis, LogText? log, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Cache:Redis"] = redis,
            ["Cache:Folder"] = folder,
            ["Cache:PollInterval"] = "00:00:00.1",
            ["Cache:CheckpointInterval"] = "00:30:00",
        }).AddInMemoryCollection(settings.ToDictionary(static setting => "Cache:" + setting.Name, static setting => (string?)setting.Value)).Build();
        var services = new ServiceCollection();
        services.AddLogging(builder =>
        {
            if (log is not null)
                builder.AddProvider(log);
        });
        services.AddSnapshots(configuration);
        _services = services.BuildServiceProvider();
        _scratch = $"{folder}-scratch-{Guid.NewGuid():N}";
        Directory.CreateDirectory(_scratch);
    }

    public SnapshotStore Store => _services.GetRequiredService<SnapshotStore>();

    public SnapshotCatalog Catalog => _services.GetRequiredService<SnapshotCatalog>();

    public IChunkCache Chunks => _services.GetRequiredService<IChunkCache>();

    public ISyncStateStore State => _services.GetRequiredService<ISyncStateStore>();

    public ILeaseStore Leases => _services.GetRequiredService<ILeaseStore>();

    public ITokenBuckets Buckets => _services.GetRequiredService<ITokenBuckets>();

    public ISharedDocumentStore SharedDocuments => _services.GetRequiredService<ISharedDocumentStore>();

    public IDocumentStore Documents => _services.GetRequiredService<IDocumentStore>();

    public IJournalStore Journals => _services.GetRequiredService<IJournalStore>();

    /// <summary>Why following the catalog ended by itself, which ends a host.</summary>
    public Exception? Failure => ((BackgroundService)Follower).ExecuteTask?.Exception;

    public ICacheServer Server => _services.GetRequiredService<ICacheServer>();

    public async Task<IDatabase> DatabaseAsync() => (await Server.ConnectAsync(default)).GetDatabase();

    public Task StartAsync() => Follower.StartAsync(default);

    public Task StopAsync() => Follower.StopAsync(default);

    private IHostedService Follower => _services.GetServices<IHostedService>().OfType<CatalogFollower>().Single();

    /// <summary>Uploads a chunk whose bytes follow from the seed.</summary>
    public async Task<ChunkInfo> UploadAsync(TableId table, int seed, int bytes = 2000)
    {
        var path = Path.Combine(_scratch, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(path, Content(seed, bytes));
        try
        {
            return await Store.UploadAsync(table, new ChunkFile(path, Rows: 10, MinKey: seed * 100, MaxKey: (seed * 100) + 9), default);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static byte[] Content(int seed, int bytes = 2000)
    {
        var content = new byte[bytes];
        new Random(seed).NextBytes(content);
        return content;
    }

    public static ChunkInfo Info(int seed, int bytes = 2000) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Content(seed, bytes))), 10, bytes, seed * 100, (seed * 100) + 9);

    public static TableManifest Manifest(TableId table, long version, params ChunkInfo[] chunks) => new()
    {
        Table = table,
        Version = version,
        SchemaFingerprint = "schema",
        Chunks = [.. chunks],
        CommittedAt = DateTimeOffset.UnixEpoch.AddSeconds(version),
        Watermark = DateTimeOffset.UnixEpoch.AddDays(version),
    };

    public async Task<TableManifest> CommitAsync(TableId table, long version, params int[] seeds)
    {
        var chunks = ImmutableArray.CreateBuilder<ChunkInfo>();
        foreach (var seed in seeds)
            chunks.Add(await UploadAsync(table, seed));
        var manifest = Manifest(table, version, [.. chunks]);
        Assert.True(await Store.CommitAsync(manifest, default));
        return manifest;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (Directory.Exists(_scratch))
            Directory.Delete(_scratch, recursive: true);
    }
}
