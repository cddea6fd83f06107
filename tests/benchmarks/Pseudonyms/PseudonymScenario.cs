using System.Collections.Immutable;
using System.Text;
using CoupaGateway.Benchmarks.Flatten;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Sources;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Benchmarks.Pseudonyms;

/// <summary>
/// Tokens a second on one core, of values that all differ and of values that come again, also of ids; what pseudonyms add to a load; and whether ten
/// million values have ten million tokens.
/// </summary>
internal sealed class PseudonymScenario : IScenario
{
    private const int Distinct = 1_000_000;
    private const int Repeated = 2_000;
    private const int Collisions = 10_000_000;
    private const int Rounds = 5;

    private static readonly PseudonymSecrets Secrets = new(new Dictionary<int, byte[]> { [1] = Enumerable.Range(0, 32).Select(static i => (byte)i).ToArray() });

    public string Name => "pseudonyms";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var values = Enumerable.Range(0, Distinct).Select(static i => Encoding.UTF8.GetBytes($"jane.doe{i}@example.com")).ToArray();
        await report.WriteLineAsync("one thread; seconds of processor time; best of 5 rounds");
        await report.WriteLineAsync($"tokens/s, every value new, no cache:       {Rate(values, useCache: false),12:N0}");
        await report.WriteLineAsync($"tokens/s, every value new, with the cache: {Rate(values, useCache: true),12:N0}");
        await report.WriteLineAsync($"tokens/s, {Repeated:N0} values again and again:     {Rate([.. values.Select((_, i) => values[i % Repeated])], useCache: true),12:N0}");
        await report.WriteLineAsync($"ids/s, every id new:                       {IdRate(Distinct),12:N0}");
        await report.WriteLineAsync($"ids/s, {Repeated:N0} ids again and again:           {IdRate(Repeated),12:N0}");
        foreach (var (table, records, elements) in new[]
        {
            ("users", 20_000, new Dictionary<string, int>()),
            ("invoices", 5_000, new() { ["invoice_lines"] = 4, ["invoice_lines_account_allocations"] = 1 }),
        })
        {
            await ReportLoadAsync(report, table, records, elements, cancellationToken);
        }

        await ReportTenantAsync(report, "a whole tenant", [], cancellationToken);
        await ReportTenantAsync(report, "a whole tenant, ids of users too", [new PseudonymRule { Name = "user-ids" }], cancellationToken);
        await report.WriteLineAsync($"{Collisions:N0} different values, tokens that are not: {CountCollisions():N0}");
    }

    private static double Rate(byte[][] values, bool useCache)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var tokenizer = new Tokenizer(Secrets, 1, "user.email", useCache);
            var before = Environment.CpuUsage.TotalTime;
            foreach (var value in values)
                tokenizer.Tokenize(value);

            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }

        return values.Length / best;
    }

    private static double IdRate(int distinct)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var ids = new IdPermutation("a key of 32 bytes for benchmarks"u8);
            var before = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < Distinct; i++)
                ids.Permute(i % distinct);

            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }

        return Distinct / best;
    }

    /// <summary>Loads with and without marks in turns, so that what else the machine does falls on both.</summary>
    private static async Task ReportLoadAsync(TextWriter report, string table, int records, Dictionary<string, int> elements, CancellationToken cancellationToken)
    {
        var clear = BuiltInCatalogue.Build(CoupaRelease.Newest, [table]);
        var writer = new RecordWriter(clear.Family(table), elements);
        RecordPage[] pages =
        [
            .. Enumerable.Range(0, records / MemorySource.PageSize).Select(static i => (i * MemorySource.PageSize) + 1)
                .Select(first => new RecordPage(writer.WritePage(first, MemorySource.PageSize), MemorySource.PageSize, first + MemorySource.PageSize - 1, null)),
        ];
        var (withoutMarks, withMarks) = await CompareAsync(clear, table, pages, [], cancellationToken);
        await ReportAsync(report, table, records, withoutMarks, withMarks);
    }

    /// <summary>All 17 API tables of a sandbox tenant, in its proportions: what a first load costs.</summary>
    private static async Task ReportTenantAsync(TextWriter report, string what, ImmutableArray<PseudonymRule> rules, CancellationToken cancellationToken)
    {
        var clear = BuiltInCatalogue.Build(CoupaRelease.Newest);
        var (records, withoutMarks, withMarks) = (0, 0d, 0d);
        foreach (var (table, pages) in await TenantPages.ReadAsync(clear, cancellationToken))
        {
            var (without, with) = await CompareAsync(clear, table, pages, rules, cancellationToken);
            records += pages.Sum(static page => page.Records);
            (withoutMarks, withMarks) = (withoutMarks + without, withMarks + with);
        }

        await ReportAsync(report, what, records, withoutMarks, withMarks);
    }

    private static Task ReportAsync(TextWriter report, string what, int records, double withoutMarks, double withMarks) => report.WriteLineAsync(
        $"load of {what}: {records / withoutMarks:N0} records/s in clear, {records / withMarks:N0} with pseudonyms, {(withMarks / withoutMarks) - 1:P1} more time");

    /// <returns>The best seconds of several rounds.</returns>
    private static async Task<(double WithoutMarks, double WithMarks)> CompareAsync(
        SchemaRevision clear, string table, IReadOnlyList<RecordPage> pages, ImmutableArray<PseudonymRule> rules, CancellationToken cancellationToken)
    {
        var marked = PseudonymRules.Apply(clear, new PseudonymPolicy { Rules = rules, KeyVersion = 1, KeyCheck = Secrets.CheckOfKey(1) }).Schema;
        double withoutMarks = double.MaxValue, withMarks = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            withoutMarks = Math.Min(withoutMarks, await LoadAsync(clear, table, pages, cancellationToken));
            withMarks = Math.Min(withMarks, await LoadAsync(marked, table, pages, cancellationToken));
        }

        return (withoutMarks, withMarks);
    }

    private static async Task<double> LoadAsync(SchemaRevision schema, string table, IReadOnlyList<RecordPage> pages, CancellationToken cancellationToken)
    {
        var store = new MemorySnapshotStore();
        using var chunks = new ChunkWriter(Options.Create(new ChunkWritingOptions()));
        var tracker = new TableTracker("benchmark", table, TimeProvider.System);
        var before = Environment.CpuUsage.TotalTime;
        using var stage = new FamilyStage(
            store, chunks, "benchmark", schema.Family(table), Secrets, TimeProvider.System.GetUtcNow(), [], new RowMemory((long)new LoadOptions().BufferMegabytes << 20), tracker);
        foreach (var page in pages)
            await stage.AddAsync(page, cancellationToken);

        await stage.FlushAsync(cancellationToken);
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    /// <summary>Compares whole tokens; 160 MB of digests are sorted.</summary>
    private static int CountCollisions()
    {
        var tokenizer = new Tokenizer(Secrets, 1, "user.login", useCache: false);
        var tokens = new UInt128[Collisions];
        Span<byte> value = stackalloc byte[20];
        for (var i = 0; i < Collisions; i++)
        {
            System.Buffers.Text.Utf8Formatter.TryFormat(i, value, out var length);
            tokens[i] = Digest(tokenizer.Tokenize(value[..length]));
        }

        Array.Sort(tokens);
        var equal = 0;
        for (var i = 1; i < Collisions; i++)
            equal += tokens[i] == tokens[i - 1] ? 1 : 0;

        return equal;
    }

    /// <summary>The 26 letters of a token are 130 bits, of which the last two are none.</summary>
    private static UInt128 Digest(ReadOnlySpan<byte> token)
    {
        var digest = UInt128.Zero;
        foreach (var letter in token[^26..^1])
            digest = (digest << 5) | (UInt128)(letter >= 'a' ? letter - 'a' : letter - '2' + 26);

        var last = token[^1] >= 'a' ? token[^1] - 'a' : token[^1] - '2' + 26;
        return (digest << 3) | (UInt128)(last >> 2);
    }
}
