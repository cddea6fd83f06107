using System.Diagnostics;
using System.Runtime.Versioning;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Pseudonyms;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Benchmarks.Flatten;

/// <summary>
/// How many parent records a second one core flattens and stores: JSON pages in memory, through flattening, sorting, Parquet and hashing, to
/// the store. The process is bound to one core meanwhile, and its processor time is what counts.
/// </summary>
internal sealed class FlattenScenario : IScenario
{
    private const int Rounds = 3;
    private const long BufferBytes = 96L << 20;

    private static readonly (string Table, int Records, Dictionary<string, int> Elements)[] Cases =
    [
        ("users", 40_000, []),
        ("suppliers", 40_000, []),
        ("invoices", 10_000, new() { ["invoice_lines"] = 4, ["invoice_lines_account_allocations"] = 1 }),
    ];

    public string Name => "flatten";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
        {
            await report.WriteLineAsync("skipped: binding the process to one core works on Linux and Windows only");
            return;
        }

        var cores = Bind(1);
        try
        {
            await report.WriteLineAsync("one core; seconds of processor time, so that other processes do not count; median of 3 rounds");
            await report.WriteLineAsync("table        columns  bytes/record  records/s  rows/s     JSON MB/s  Parquet MB  flatten only, records/s");
            foreach (var (table, records, elements) in Cases)
                await RunAsync(report, table, records, elements, cancellationToken);
        }
        finally
        {
            Bind(cores);
        }
    }

    /// <summary>Binds the process to cores and returns those it was bound to before.</summary>
    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("windows")]
    private static nint Bind(nint cores)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.ProcessorAffinity;
        process.ProcessorAffinity = cores;
        return before;
    }

    private static async Task RunAsync(TextWriter report, string table, int records, Dictionary<string, int> elements, CancellationToken cancellationToken)
    {
        var family = BuiltInCatalogue.Build(CoupaRelease.Newest, [table]).Family(table);
        var writer = new RecordWriter(family, elements);
        var pages = Enumerable.Range(0, records / MemorySource.PageSize).Select(i => writer.WritePage((i * MemorySource.PageSize) + 1, MemorySource.PageSize)).ToArray();
        var bytes = pages.Sum(static page => (long)page.Length);

        var store = new MemorySnapshotStore();
        var seconds = new List<double>();
        var flattening = new List<double>();
        var rows = 0L;
        for (var round = 0; round <= Rounds; round++)
        {
            store = new MemorySnapshotStore();
            using var chunks = new ChunkWriter(Options.Create(new ChunkWritingOptions()));
            var tracker = new TableTracker("benchmark", table, TimeProvider.System);
            var source = new MemorySource(pages);
            var before = Environment.CpuUsage.TotalTime;
            using (var stage = new FamilyStage(store, chunks, "benchmark", family, PseudonymSecrets.None, TimeProvider.System.GetUtcNow(), [], new RowMemory(BufferBytes), tracker))
            {
                await foreach (var page in source.ReadAsync(new IdRange(1, records), cancellationToken))
                    await stage.AddAsync(page, cancellationToken);

                await stage.FlushAsync(cancellationToken);
            }

            seconds.Add((Environment.CpuUsage.TotalTime - before).TotalSeconds);
            rows = tracker.Current.Rows.Values.Sum();
            flattening.Add(FlattenOnly(FlattenPlan.Compile(family), pages));
        }

        // The first round warms up.
        var median = seconds.Skip(1).Order().ElementAt(Rounds / 2);
        var flatten = flattening.Skip(1).Order().ElementAt(Rounds / 2);
        await report.WriteLineAsync(
            $"{table,-12} {family[0].Columns.Length,7} {bytes / records,13:N0} {records / median,10:N0} {rows / median,7:N0} {bytes / median / 1e6,13:N0} {store.Bytes / 1e6,11:N1} {records / flatten,24:N0}");
    }

    private static double FlattenOnly(FlattenPlan plan, byte[][] pages)
    {
        using var flattener = new Flattener(plan, TimeProvider.System.GetUtcNow());
        var before = Environment.CpuUsage.TotalTime;
        foreach (var page in pages)
        {
            flattener.Add(page);
            if (flattener.Rows.Max(static rows => rows.Rows) > 16_384)
            {
                foreach (var rows in flattener.Rows)
                    rows.Clear();
            }
        }

        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
