using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CoupaGateway.Benchmarks.Loads;
using CoupaGateway.Snapshots.Chunks;
using StackExchange.Redis;

namespace CoupaGateway.Benchmarks.Access;

/// <summary>What the paper model in docs/sizing.md assumes of a chunk: what it takes in a process that knows it and in Redis beside its bytes, and how fast Redis tells that it is there and hands it out.</summary>
internal sealed class SizingScenario : IScenario
{
    private const int Known = 1_000_000;
    private const int Stored = 400;
    private const int ChunkBytes = 2 << 20;
    private const int Questions = 200_000;

    public string Name => "sizing";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var chunks = new ChunkInfo[Known];
        for (var i = 0; i < chunks.Length; i++)
            chunks[i] = new ChunkInfo(Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i))), 16_384, ChunkBytes, i, i);
        await report.WriteLineAsync(Text($"a chunk in a process that knows it: {(GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Known:F0} bytes"));
        GC.KeepAlive(chunks);

        await using var redis = await LocalRedis.StartAsync(cancellationToken);
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true,asyncTimeout=60000");
        var (db, server) = (multiplexer.GetDatabase(), multiplexer.GetServers()[0]);
        var empty = await UsedAsync(server);
        for (var i = 0; i < Stored; i++)
            await db.StringSetAsync(Key(i), RandomNumberGenerator.GetBytes(ChunkBytes));
        await report.WriteLineAsync(Text($"a chunk in Redis: {((await UsedAsync(server)) - empty) / (double)Stored / ChunkBytes:F3} times its bytes"));

        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Questions; i += 1_000)
            await Task.WhenAll(Enumerable.Range(i, 1_000).Select(number => db.KeyExistsAsync(Key(number))));
        await report.WriteLineAsync(Text($"whether a chunk is there: {Questions / Stopwatch.GetElapsedTime(start).TotalSeconds:F0} answers a second"));

        start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Stored; i++)
            await db.StringGetAsync(Key(i));
        await report.WriteLineAsync(Text($"chunks, one after the other: {Stored * (double)ChunkBytes / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds:F0} MB a second"));
    }

    private static async Task<long> UsedAsync(IServer server) =>
        long.Parse((await server.InfoAsync("memory")).SelectMany(static group => group).Single(static pair => pair.Key == "used_memory").Value, CultureInfo.InvariantCulture);

    private static RedisKey Key(int number) => Text($"cg:chunk:benchmark:invoices:{number}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
